"""The circuit breaker: after failures in a row, PagerDuty is given time to recover.

Pure: every instant comes from outside, in integer microseconds of any clock.
"""

from dataclasses import dataclass

from collectors.errors import CircuitOpen

_SECOND = 1_000_000
FAILURES = 5
"""Consecutive failures that open it."""
_FIRST_PAUSE = 30 * _SECOND
_LONGEST_PAUSE = 15 * 60 * _SECOND
_TRIAL = 90 * _SECOND
"""Longer than any request lasts: a trial whose process died does not block others for ever."""
_SOON = _SECOND // 2


@dataclass(slots=True)
class BreakerState:
    """``opened``: how often it opened since the last response; after its pause it is half-open."""

    failures: int = 0
    opened: int = 0
    open_until: int = 0
    trial_until: int = 0

    @property
    def calm(self) -> bool:
        """Nothing failed since the last response."""
        return not (self.failures or self.opened)

    def wait(self, now: int) -> int:
        """0, or microseconds while the one request of a half-open circuit is under way.

        Raises CircuitOpen.
        """
        if not self.opened:
            return 0
        pause = self.open_until - now
        # More than the longest pause means a clock that was set back.
        if 0 < pause <= _LONGEST_PAUSE:
            raise CircuitOpen(pause / _SECOND)
        return min(_SOON, max(0, self.trial_until - now))

    def begin(self, now: int) -> None:
        """A request leaves."""
        if self.opened:
            self.trial_until = now + _TRIAL

    def responded(self) -> None:
        """PagerDuty responds: closed."""
        self.failures = self.opened = self.open_until = self.trial_until = 0

    def failed(self, now: int) -> None:
        """One more failure; the pause doubles each time the trial fails too."""
        self.failures += 1
        if now < self.open_until or (not self.opened and self.failures < FAILURES):
            return
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE << min(self.opened, 10))
        self.opened += 1
        self.open_until, self.trial_until = now + pause, 0

    def unused(self) -> None:
        """The request never left: another may be the trial."""
        self.trial_until = 0
