"""What a run lacks, compared with its certificate and with the sandbox's counts."""

from collections.abc import Iterable, Mapping

from benchmarks.company import Collected
from benchmarks.figures import progress

_TABLES = {
    "priority": "priorities",
    "team": "teams",
    "team_member": "team_members",
    "service": "services",
    "business_service": "business_services",
    "service_dependency": "service_dependencies",
    "escalation_policy": "escalation_policies",
    "schedule": "schedules",
    "schedule_v3": "schedules_v3",
    "schedule_v3_detail": "schedules_v3",
    "oncall": "oncalls",
    "maintenance_window": "maintenance_windows",
    "change_event": "change_events",
    "incident": "incidents",
    "log_entry": "log_entries",
}
"""Tables of records, and what the sandbox calls that collection."""


def missing(done: Collected) -> int:
    """Records that PagerDuty has or declares and the database lacks, or has too often."""
    present = {table: done.counts[name] for table, name in _TABLES.items()}
    rows = {table: done.rows[table] for table in _TABLES}
    if present != rows:
        progress(f"the sandbox has {present}, stored is {rows}")
    resources = done.certificate["resources"]
    if not done.certificate["complete"]:
        reasons = {each["resource"]: each["reasons"] for each in resources if each["reasons"]}
        progress(f"incomplete by its own certificate: {reasons}")
    return lacking(resources, present, rows)


def lacking(
    resources: Iterable[Mapping[str, int | None]],
    present: Mapping[str, int],
    rows: Mapping[str, int],
) -> int:
    """Declared and not stored, by ``resources``; and by table what differs from what is there.

    A record at the edge of two windows is declared twice and stored once.
    """
    undeclared = (
        max(0, (each["declared"] or 0) - (each["stored"] or 0) - (each["duplicate"] or 0))
        for each in resources
    )
    return sum(undeclared) + sum(abs(present[table] - rows[table]) for table in present)
