"""Schedules of both kinds: rosters, shifts as served, overrides."""

from collections.abc import Iterator

from app.assessment.rows import Schedule, ScheduleEntry
from app.core.clock import to_microseconds
from app.models import CollectionRun
from app.operations.assessments.facts.tables import Records, zone_name
from collectors.vocabularies import SHIFT_MEMBER, SHIFT_SOURCE

_FAR_PAST, _FAR_FUTURE = -(2**63), 2**63 - 1
_EMPTY = SHIFT_MEMBER.codes()["empty_member"]
_OVERRIDES = frozenset(
    code for word, code in SHIFT_SOURCE.codes().items() if word.endswith("_override")
)


def schedules(records: Records, run: CollectionRun | None) -> list[Schedule]:
    """Each schedule once: one that was turned into a shift-based one keeps its id."""
    listed = records.nested("schedule_user", "id", "deleted_at")
    rotating = _rotating(records, run)
    kinds = (("schedule", "schedule_team"), ("schedule_v3_detail", "schedule_v3_team"))
    found = {}
    for table, teams_table in kinds:
        teams = records.nested(teams_table, "id")
        for schedule, zone in records.rows(table, "id", "time_zone"):
            users = listed.get(schedule, ())
            roster = frozenset(user for user, _ in users) | rotating.get(schedule, frozenset())
            deleted = frozenset(user for user, at in users if at is not None)
            owners = tuple(teams.get(schedule, ()))
            found[schedule] = Schedule(schedule, zone_name(zone), roster, owners, deleted)
    return list(found.values())


def layered(records: Records) -> Iterator[ScheduleEntry]:
    """Shifts of layer-based schedules."""
    return _entries(records, "schedule_entry")


def overrides(records: Records) -> list[ScheduleEntry]:
    """Overrides of layer-based schedules."""
    return [entry._replace(override=True) for entry in _entries(records, "schedule_override")]


def shift_based(records: Records) -> Iterator[ScheduleEntry]:
    """Shifts of shift-based schedules; an empty member is nobody."""
    for schedule, start, end, kind, user, source in records.rows(
        "schedule_v3_shift",
        "schedule_v3_detail_id",
        "start_time",
        "end_time",
        "member_type",
        "member_user_id",
        "source_type",
    ):
        person = None if kind == _EMPTY else user
        yield ScheduleEntry(schedule, start, end, person, source in _OVERRIDES)


def _entries(records: Records, table: str) -> Iterator[ScheduleEntry]:
    """A shift that never began or never ends reaches beyond every window."""
    for schedule, start, end, user in records.rows(table, "schedule_id", "start", "end", "user_id"):
        begin = _FAR_PAST if start is None else start
        yield ScheduleEntry(schedule, begin, _FAR_FUTURE if end is None else end, user)


def _rotating(records: Records, run: CollectionRun | None) -> dict[bytes, frozenset[bytes]]:
    """Members of the rotations that were in effect while the run's window lasted."""
    since = _FAR_PAST if run is None else to_microseconds(run.since)
    until = _FAR_FUTURE if run is None else to_microseconds(run.until)
    current = {
        (schedule, rotation, event)
        for schedule, rotation, event, begin, end in records.rows(
            "rotation_event",
            "schedule_v3_detail_id",
            "rotation_position",
            "position",
            "effective_since",
            "effective_until",
        )
        if (begin is None or begin < until) and (end is None or end > since)
    }
    found: dict[bytes, set[bytes]] = {}
    for schedule, rotation, event, kind, user in records.rows(
        "rotation_member",
        "schedule_v3_detail_id",
        "rotation_position",
        "rotation_event_position",
        "type",
        "user_id",
    ):
        on_roster = kind != _EMPTY and user is not None
        if on_roster and (schedule, rotation, event) in current:
            found.setdefault(schedule, set()).add(user)
    return {schedule: frozenset(people) for schedule, people in found.items()}
