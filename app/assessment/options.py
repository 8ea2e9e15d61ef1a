"""What an assessment may be asked: its window, its snapshot and its parameters."""

from dataclasses import asdict, dataclass

MICROSECONDS = 1_000_000
"""Microseconds in a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentOptions:
    """Window ``[since, until)`` and snapshot ``as_of``, in microseconds since 1970 UTC (C2).

    Raises ``ValueError`` naming the field where the window is empty, where the snapshot lies
    before its end (open incidents could not be censored) or where a parameter is negative.
    """

    since: int
    until: int
    as_of: int
    excluded_urgencies: tuple[str, ...] = ("low",)
    """Left out of DORA metrics (C3)."""
    ack_target_s: int = 300
    """Escalation time-out that PagerDuty's incident response guide recommends."""
    pair_tolerance_s: int = 5
    """An assignment this near to a trigger, an escalation or a repeat belongs to it (C-ESC)."""
    stale_s: int = 86_400
    """Age from which an open incident is stale (ISA-18.2)."""

    def __post_init__(self) -> None:
        if self.since >= self.until:
            raise ValueError("since must lie before until")
        if self.as_of < self.until:
            raise ValueError("as_of must not lie before until")
        for name in ("ack_target_s", "pair_tolerance_s", "stale_s"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative")

    @property
    def window_us(self) -> int:
        return self.until - self.since

    def as_json(self) -> dict[str, object]:
        """Every option by its name; instants in microseconds."""
        return asdict(self) | {"excluded_urgencies": list(self.excluded_urgencies)}
