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


_REFERENCE = Size(
    services=50,
    deleted_services=2,
    policies=25,
    schedules=24,
    shift_schedules=6,
    people=120,
    teams=10,
    private_teams=2,
    business_services=10,
    incidents=12_000,
    log_entries=90_000,
)
SIZES = {
    "small": Size(
        services=8,
        deleted_services=1,
        policies=4,
        schedules=5,
        shift_schedules=2,
        people=15,
        teams=3,
        private_teams=1,
        business_services=3,
        incidents=400,
        log_entries=3_000,
    ),
    "reference": _REFERENCE,
    "quarter": replace(_REFERENCE, incidents=33_000, log_entries=250_000),
    "huge": Size(
        services=400,
        deleted_services=8,
        policies=150,
        schedules=160,
        shift_schedules=60,
        people=900,
        teams=60,
        private_teams=6,
        business_services=150,
        incidents=40_000,
        log_entries=300_000,
        burst=10_500,
    ),
}
