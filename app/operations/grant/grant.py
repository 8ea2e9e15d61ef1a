"""Grant: what PagerDuty granted, from the response of its token endpoint."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isnan

from app.core.clock import now

_BEARER = re.compile("[!-~]+")
_SHORTEST_SECONDS = 5.0 * 60
"""A shorter lifetime would be over before the token is used: PagerDuty's 401 ends it then."""
_LONGEST_SECONDS = 365.0 * 24 * 60 * 60
_ASSUMED_SECONDS = 60.0 * 60


@dataclass(frozen=True, slots=True)
class Grant:
    """What PagerDuty granted. Never logged, never in ``repr``."""

    access_token: str
    refresh_token: str
    expires_at: datetime

    def __repr__(self) -> str:
        return "Grant(hidden)"

    def tokens(self) -> dict[str, str]:
        """By their type, as RFC 7009 names it."""
        return {"refresh_token": self.refresh_token, "access_token": self.access_token}


def grant_of(response: dict[str, object], former_refresh_token: str = "") -> Grant:
    """The grant in a token endpoint's response, with a plausible lifetime.

    A response without a usable refresh token leaves the former one valid (RFC 6749, section 6).
    Raises KeyError, ValueError without an access token that fits into a header.
    """
    access = response["access_token"]
    if not isinstance(access, str) or not _BEARER.fullmatch(access):
        raise ValueError("no access token")
    left = timedelta(seconds=lifetime(response.get("expires_in")))
    refresh = response.get("refresh_token")
    usable = isinstance(refresh, str) and refresh
    return Grant(access, str(refresh) if usable else former_refresh_token, now() + left)


def lifetime(stated: object) -> float:
    """Seconds. An implausible one must not cost a grant that PagerDuty has rotated."""
    try:
        seconds = float(str(stated))
    except ValueError:
        return _ASSUMED_SECONDS
    if isnan(seconds):
        return _ASSUMED_SECONDS
    return min(_LONGEST_SECONDS, max(_SHORTEST_SECONDS, seconds))
