"""Where access tokens come from."""

from typing import Protocol


class TokenSource(Protocol):
    """Asked in any thread, for each attempt."""

    def access_token(self, *, rejected: str | None = None) -> str:
        """A valid token; ``rejected`` names one that was just answered with 401.

        Raises TokenRejected, and Unreachable where there is none just now.
        """
