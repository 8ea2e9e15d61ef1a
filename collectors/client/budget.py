"""One of PagerDuty's rate limits: how many requests may still leave, from its headers.

Pure: every instant comes from outside, in integer microseconds of any clock. It is right for a
fixed window and for a sliding one: the number that PagerDuty states as left always counts, and a
window that should be over is tried with a few requests before more may leave.
"""

from dataclasses import dataclass

SECOND = 1_000_000
SHARE = 0.95
"""The rest is for requests under way while a response travels, and for other users."""
ASSUMED = 960
"""Requests a minute and user token (PagerDuty REST docs, Rate Limits), until stated."""
FIRST = 4
"""Requests under way before a response has stated how many are left."""
_WINDOW = 60 * SECOND
_LONGEST = 2 * _WINDOW
"""No pause is longer, even if a header states one; a longer one means a clock that was set back."""
_SOON = SECOND // 20
_LONGEST_BACK_OFF = 60 * SECOND
_BLOCKS_LEFT = 16
_MOST_IN_FLIGHT = 64


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The ``ratelimit-*`` headers of a response; ``reset`` in seconds from now."""

    limit: int
    remaining: int
    reset: float


@dataclass(slots=True)
class BudgetState:
    """``ceiling`` is ``ratelimit-limit``, None until stated; ``known``: stated in this window.

    ``tried`` counts the requests that left in this window before that, and were not settled.
    ``least`` is the smallest ``in_flight`` since ``aged_at``.
    """

    ceiling: int | None = None
    unspent: int = 0
    in_flight: int = 0
    least: int = 0
    tried: int = 0
    known: bool = False
    strikes: int = 0
    begun_at: int = 0
    resets_at: int = 0
    paused_until: int = 0
    aged_at: int = 0

    @property
    def share(self) -> int:
        """The part of one window that we use."""
        return max(1, int(SHARE * (self.ceiling or ASSUMED)))

    @property
    def reserve(self) -> int:
        """The part that is left to others."""
        return (self.ceiling or ASSUMED) - self.share

    def take(self, now: int, most: int = 1) -> tuple[int, int]:
        """(requests that may leave, 0) or (0, microseconds before the next try).

        More than one at a time only while many are left.
        """
        self._correct_clock(now)
        if now < self.paused_until:
            return 0, self.paused_until - now
        if now >= self.resets_at:
            self._begin(now)
        if self.unspent <= 0:
            return 0, self.resets_at - now
        granted = min(most, max(1, self.unspent // _BLOCKS_LEFT))
        if not self.known:
            if self.tried >= self._first():
                return 0, _SOON
            granted = 1
            self.tried += 1
        self.unspent -= granted
        self.in_flight += granted
        return granted, 0

    def note(self, rate_limit: RateLimit | None, now: int, responses: int = 1) -> None:
        """``responses`` came, the last at ``now`` with ``rate_limit``."""
        self._settle(responses)
        if rate_limit is not None:
            self._learn(rate_limit.limit)
        if now < self.paused_until:
            return
        self.strikes = 0
        if rate_limit is not None and now >= self.begun_at:
            self._apply(rate_limit, now)

    def limited(self, rate_limit: RateLimit | None, now: int, jitter: float) -> None:
        """429: no request leaves until the pause is over. ``jitter`` between 0.5 and 1."""
        self._settle(1)
        if now >= self.paused_until:
            self.strikes += 1
        # Requests under way at the same time are refused together: one strike.
        back_off = min(_LONGEST_BACK_OFF, SECOND << min(self.strikes - 1, 10)) * jitter
        reset = 0.0
        if rate_limit is not None:
            self.ceiling, reset = rate_limit.limit, rate_limit.reset * SECOND
        pause = int(min(_LONGEST, max(back_off, reset)))
        self.paused_until = max(self.paused_until, now + pause)
        self.resets_at, self.unspent, self.known = self.paused_until, 0, False

    def failed(self) -> None:
        """A request brought no response; PagerDuty may have counted it."""
        self._settle(1)

    def unused(self) -> None:
        """A request never left."""
        self._settle(1)
        self.unspent = min(self.share, self.unspent + 1)

    def spare(self, count: int) -> None:
        """``count`` of those granted at once are not needed."""
        self._land(count)
        self.unspent = min(self.share, self.unspent + count)

    def _learn(self, ceiling: int) -> None:
        """The first stated limit replaces the assumed one, also for the window that has begun."""
        assumed, before = self.ceiling is None, self.share
        self.ceiling = ceiling
        if assumed:
            self.unspent = max(0, self.unspent + self.share - before)

    def _settle(self, count: int) -> None:
        self._land(count)
        self.tried = max(0, self.tried - count)

    def _land(self, count: int) -> None:
        self.in_flight = max(0, self.in_flight - count)
        self.least = min(self.least, self.in_flight)

    def _first(self) -> int:
        if self.ceiling is None:
            return FIRST
        return max(1, min(FIRST, self.reserve))

    def _begin(self, now: int) -> None:
        # A request still under way may count in either window.
        if now - self.aged_at >= _WINDOW:
            self._age(now)
        self.in_flight = min(self.in_flight, _MOST_IN_FLIGHT)
        self.unspent = max(1, self.share - self.in_flight)
        self.tried, self.known = 0, False
        self.begun_at, self.resets_at = now, now + _WINDOW

    def _age(self, now: int) -> None:
        # Requests of processes that died are never settled: they would use up a budget. A sliding
        # window may begin every second: only requests unsettled for a full one are given up.
        self.in_flight -= min(self.least, self.in_flight)
        self.least, self.aged_at = self.in_flight, now

    def _apply(self, rate_limit: RateLimit, now: int) -> None:
        # PagerDuty may not have counted those under way when it responded.
        room = min(rate_limit.remaining, rate_limit.limit) - self.reserve - self.in_flight
        reset = int(min(_LONGEST, rate_limit.reset * SECOND))
        if room <= 0:
            # A header rounded down to 0 must not lead to another request at once.
            reset = max(reset, SECOND)
        ends = now + reset
        self.resets_at = min(self.resets_at, ends) if self.known else ends
        self.unspent = min(self.unspent, room, self.share)
        self.known = True

    def _correct_clock(self, now: int) -> None:
        self.begun_at, self.aged_at = min(self.begun_at, now), min(self.aged_at, now)
        if self.resets_at > now + _LONGEST:
            self.resets_at = now
        if self.paused_until > now + _LONGEST:
            self.paused_until = now
