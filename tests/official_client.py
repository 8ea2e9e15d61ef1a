"""PagerDuty's own Python client, used with a sandbox."""

from pagerduty import RestApiV2Client

from sandbox.settings import SANDBOX_API_KEY


class LoopbackClient(RestApiV2Client):
    """The client as it is, but for its rule that a base URL must begin with https."""

    @property
    def url(self) -> str:
        """Where the API is."""
        return str(self._url)

    @url.setter
    def url(self, base_url: str) -> None:
        self._url = base_url


def client_of(origin: str) -> LoopbackClient:
    """A client that reads everything of the sandbox at ``origin``."""
    return LoopbackClient(SANDBOX_API_KEY, base_url=origin, trust_env=False)
