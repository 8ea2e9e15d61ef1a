"""How often one request is retried, and after which delay; a 429 is handled in `rate_limits`."""

import random

from collectors.client.request import Failure

ATTEMPTS = 6
MAX_SHAPES = 3
MAX_REDIRECTS = 3
MAX_LIMITED = 60
"""429 only means that it was too early: the limiter waits, and this ends an endless series."""
LIMITED_SECONDS = 12 * 60.0
"""This ends it too: with the limiter's longest pause after it, within a quarter of an hour."""
_MAX_DELAY = 60.0


def jitter() -> float:
    """Between 0.5 and 1, so that requests refused together do not come back together."""
    return random.uniform(0.5, 1.0)  # noqa: S311 - no secret


class Retries:
    """The failures of one request. Without ``wait_for_limits`` a 429 ends it."""

    def __init__(self, attempts: int, *, wait_for_limits: bool) -> None:
        self._attempts = attempts
        self._seen = dict.fromkeys(Failure, 0)
        self._limited_since: float | None = None
        self._max = {
            Failure.REJECTED: 1,
            # Another process may be refreshing, or have died doing so.
            Failure.NO_TOKEN: attempts + attempts // 2,
            Failure.SHAPE: min(MAX_SHAPES, attempts) - 1,
            Failure.REDIRECTED: min(MAX_REDIRECTS, attempts) - 1,
            Failure.LIMITED: MAX_LIMITED if wait_for_limits else 0,
        }

    def delay(self, failure: Failure, now: float) -> float | None:
        """Seconds before the next attempt, None to give up; ``now`` in seconds of any clock."""
        seen = self._seen[failure] = self._seen[failure] + 1
        lost = self._seen[Failure.NO_RESPONSE] + self._seen[Failure.SHAPE]
        if seen > self._max.get(failure, self._attempts) or lost >= self._attempts:
            return None
        if failure is Failure.LIMITED:
            if self._limited_since is None:
                self._limited_since = now
            return 0.0 if now - self._limited_since <= LIMITED_SECONDS else None
        if failure is Failure.REJECTED:
            return 0.0
        return min(_MAX_DELAY, 0.25 * (1 << max(seen, lost))) * jitter()

    def may_be_resource(self, failure: Failure) -> bool:
        """Whether this one resource may fail, and not PagerDuty: every second time."""
        return failure is Failure.NO_RESPONSE and self._seen[failure] % 2 == 0
