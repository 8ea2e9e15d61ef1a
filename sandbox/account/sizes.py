"""How large a generated account is."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Size:
    """`burst` incidents start within six seconds; `days` is how far the history goes back."""

    services: int
    deleted_services: int
    policies: int
    schedules: int
    shift_schedules: int
    people: int
    teams: int
    private_teams: int
    business_services: int
    incidents: int
    log_entries: int
    burst: int = 0
    days: int = 90

    def times(self, factor: int) -> "Size":
        """The same company with that many times the incidents and log entries."""
        return replace(
            self, incidents=self.incidents * factor, log_entries=self.log_entries * factor
        )


_REFERENCE = Size(50, 2, 25, 24, 6, 120, 10, 2, 10, 12_000, 90_000)
SIZES = {
    "small": Size(8, 1, 4, 5, 2, 15, 3, 1, 3, 400, 3_000),
    "reference": _REFERENCE,
    "quarter": replace(_REFERENCE, incidents=33_000, log_entries=250_000),
    "huge": Size(400, 8, 150, 160, 60, 900, 60, 6, 150, 40_000, 300_000, burst=10_500),
}
