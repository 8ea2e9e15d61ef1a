"""How large a generated account is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    services: int
    deleted_services: int
    policies: int
    schedules: int
    people: int
    teams: int
    private_teams: int
    incidents: int
    log_entries: int
    days: int = 90


SIZES = {
    "small": Size(8, 1, 4, 5, 15, 3, 1, 400, 3_000),
    "reference": Size(50, 2, 25, 30, 120, 10, 2, 12_000, 90_000),
}
