"""The circuit breaker: who fails again and again is given time to recover.

Pure: every instant comes from outside, in integer microseconds of any clock.
"""

from dataclasses import dataclass

from collectors.errors import CircuitOpen

_SECOND = 1_000_000
FAILURES = 5
"""Consecutive failures that open it."""
_FIRST_REST = 30 * _SECOND
_LONGEST_REST = 15 * 60 * _SECOND
_TRIAL = 90 * _SECOND
"""Longer than any request lives: a trial that died with its process does not block for ever."""
_SOON = _SECOND // 2


@dataclass(slots=True)
class BreakerState:
    """``opened``: how often it opened since the last answer; above 0 and rested: half-open."""

    failures: int = 0
    opened: int = 0
    open_until: int = 0
    trial_until: int = 0

    @property
    def calm(self) -> bool:
        """Nothing failed since the last answer."""
        return not (self.failures or self.opened)

    def wait(self, now: int) -> int:
        """0, or microseconds while the one request of a half-open circuit is under way.

        Raises CircuitOpen.
        """
        if not self.opened:
            return 0
        rest = self.open_until - now
        # More than the longest rest is a clock that was set back.
        if 0 < rest <= _LONGEST_REST:
            raise CircuitOpen(rest / _SECOND)
        return min(_SOON, max(0, self.trial_until - now))

    def begin(self, now: int) -> None:
        """A request leaves."""
        if self.opened:
            self.trial_until = now + _TRIAL

    def answered(self) -> None:
        """PagerDuty lives: closed."""
        self.failures = self.opened = self.open_until = self.trial_until = 0

    def failed(self, now: int) -> None:
        """One more failure; the rest doubles each time the trial fails as well."""
        self.failures += 1
        if now < self.open_until or (not self.opened and self.failures < FAILURES):
            return
        rest = min(_LONGEST_REST, _FIRST_REST << min(self.opened, 10))
        self.opened += 1
        self.open_until, self.trial_until = now + rest, 0

    def unused(self) -> None:
        """The request never left: another may be the trial."""
        self.trial_until = 0
