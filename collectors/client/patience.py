"""How often one request is repeated, and after how long."""

import random
from enum import Enum, auto

from collectors.errors import CollectorError, TokenRejected, UnexpectedShape, Unreachable

ATTEMPTS = 6
MOST_SHAPES = 3
MOST_LIMITED = 60
"""429 says only that it was too early: the gate waits, and this ends what would never end."""
LIMITED_SECONDS = 12 * 60.0
"""And so does this: with the gate's longest pause after it, a quarter of an hour at the most."""
_LONGEST_WAIT = 60.0


class Trouble(Enum):
    """Why an attempt brought no answer."""

    AWAY = auto()
    LIMITED = auto()
    REJECTED = auto()
    SHAPE = auto()
    NO_TOKEN = auto()


class Patience:
    """For one request. ``hurried``: a 429 ends it."""

    def __init__(self, resource: str, attempts: int, *, hurried: bool) -> None:
        self._resource = resource
        self._attempts = attempts
        self._met = dict.fromkeys(Trouble, 0)
        self._limited_since: float | None = None
        self._most = {
            Trouble.REJECTED: 1,
            # Another process may be refreshing, or have died doing so.
            Trouble.NO_TOKEN: attempts + attempts // 2,
            Trouble.SHAPE: min(MOST_SHAPES, attempts) - 1,
            Trouble.LIMITED: 0 if hurried else MOST_LIMITED,
        }

    def after(self, trouble: Trouble, moment: float, detail: str = "") -> float:
        """Seconds to wait before the next attempt; ``moment`` is now, in seconds of any clock.

        Raises TokenRejected, UnexpectedShape, Unreachable where there is none.
        """
        met = self._met[trouble] = self._met[trouble] + 1
        lost = self._met[Trouble.AWAY] + self._met[Trouble.SHAPE]
        spent = met > self._most.get(trouble, self._attempts) or lost >= self._attempts
        if spent or (trouble is Trouble.LIMITED and self._limited_for(moment) > LIMITED_SECONDS):
            raise self._end(trouble, detail)
        if trouble in {Trouble.LIMITED, Trouble.REJECTED}:
            return 0.0
        return min(_LONGEST_WAIT, 0.25 * (1 << max(met, lost))) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter

    def doubtful(self, trouble: Trouble) -> bool:
        """Whether it may be this one request that fails, and not PagerDuty."""
        return trouble is Trouble.AWAY and self._met[trouble] % 2 == 0

    def _limited_for(self, moment: float) -> float:
        """Seconds since the first 429."""
        if self._limited_since is None:
            self._limited_since = moment
        return moment - self._limited_since

    def _end(self, trouble: Trouble, detail: str) -> CollectorError:
        if trouble is Trouble.REJECTED:
            return TokenRejected(self._resource)
        if trouble is Trouble.SHAPE:
            return UnexpectedShape(self._resource, detail)
        if trouble is Trouble.LIMITED:
            return Unreachable(self._resource, "the limit was spent each time")
        return Unreachable(self._resource, f"no answer after {self._attempts} attempts")
