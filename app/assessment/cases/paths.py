"""The way one incident took through its escalation policy, as tokens (C-ESC)."""

from typing import Literal, NamedTuple

Ending = Literal["user_resolved", "auto_resolved", "resolver_unknown", "open"]


class Path(NamedTuple):
    tokens: tuple[str, ...]
    """The full path; levels and causes, never people."""
    acked_after: int | None
    """Tokens up to and with the first human ack; None without one."""
    ack_level: str | None
    """``"L2"``, ``"direct"``, or ``"unknown"`` without a log; None if never acknowledged."""
    escalations: tuple[str, ...]
    """Cause of each escalate entry: ``timeout``, ``manual`` or ``automation``."""
    missed_at: int | None
    """Last escalation by time-out before the first human ack, as an instant; None without one."""
    ending: Ending
    max_level: int
    """Highest level it stood on."""
    levels: int
    """Levels of its policy as it stands today; 0 where the policy was deleted."""
    repeats: int
    exhausted: bool
    """Nobody answered on any level: the path ran out, or PagerDuty stopped triggering."""
    reassigned_to: tuple[str, ...]
    """Of each reassignment by a person, where to: ``"L2"``, ``"direct"``, ``"delegate"``."""
    ping_pongs: int
    """Reassignments back to somebody who had given it away."""
    first_touch: bool
    """Acknowledged where it started, before anything else happened (ESC-06)."""

    @property
    def missed_page(self) -> bool:
        """A time-out escalated it before the first human ack."""
        return self.missed_at is not None

    def to_first_ack(self) -> str:
        """Path to the first human ack, or to the end if none: ``"L1>timeout>L2>ack"``."""
        return ">".join(self.tokens[: self.acked_after])

    def full(self) -> str:
        """All tokens: ``"L1>ack>unack>ack>user_resolved"``."""
        return ">".join(self.tokens)
