"""Rows to the engine's rows: codes become words again, nested rows join their parents."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.orm import Session

from app.assessment.rows import (
    EscalationRule,
    EscalationTarget,
    Facts,
    Incident,
    LogEntry,
    ScheduleEntry,
)
from app.models import RECORD_TABLES
from collectors.vocabularies import (
    ACTOR,
    CHANNEL,
    LOG_ENTRY,
    RESOLVE_REASON,
    STATUS,
    TARGET,
    URGENCY,
    Vocabulary,
)

_CHUNK = 10_000
_FAR_PAST, _FAR_FUTURE = -(2**63), 2**63 - 1


def load_facts(session: Session, epoch_id: bytes) -> Facts:
    """Everything the engine reads of one epoch."""
    return Facts(
        incidents=_incidents(session, epoch_id),
        log_entries=_log_entries(session, epoch_id),
        escalation_rules=_rules(session, epoch_id),
        schedules=[
            row[0]
            for name in ("schedule", "schedule_v3_detail")
            for row in _rows(session, epoch_id, name, "id")
        ],
        schedule_entries=_entries(session, epoch_id),
    )


def _entries(session: Session, epoch_id: bytes) -> list[ScheduleEntry]:
    """Shifts of layer-based and of shift-based schedules; an empty member is nobody.

    A shift that never began or never ends reaches beyond every window.
    """
    layered = _rows(session, epoch_id, "schedule_entry", "schedule_id", "start", "end", "user_id")
    shifts = _rows(
        session,
        epoch_id,
        "schedule_v3_shift",
        "schedule_v3_detail_id",
        "start_time",
        "end_time",
        "member_user_id",
    )
    return [
        ScheduleEntry(
            schedule,
            _FAR_PAST if start is None else start,
            _FAR_FUTURE if end is None else end,
            user,
        )
        for schedule, start, end, user in chain(layered, shifts)
    ]


def _rows(session: Session, epoch_id: bytes, name: str, *columns: str) -> Any:
    """Rows of one table; none of what PagerDuty no longer has."""
    table: Table = RECORD_TABLES[name]
    statement = select(*(table.c[column] for column in columns)).where(table.c.epoch_id == epoch_id)
    if "deleted_at" in table.c:
        statement = statement.where(table.c.deleted_at.is_(None))
    else:
        statement = statement.where(_parent_stands(table, epoch_id))
    return session.execute(statement.execution_options(yield_per=_CHUNK))


def _parent_stands(table: Table, epoch_id: bytes) -> ColumnElement[bool]:
    """Nested rows go by their record: it is what PagerDuty lists, or no longer does."""
    key = next(each.name for each in table.primary_key.columns if each.name != "epoch_id")
    parent = RECORD_TABLES[key.removesuffix("_id")]
    gone = select(parent.c.id).where(
        parent.c.epoch_id == epoch_id, parent.c.deleted_at.is_not(None)
    )
    return table.c[key].not_in(gone)


def _words(vocabulary: Vocabulary) -> Mapping[int | None, str | None]:
    by_code = vocabulary.by_code()
    return {None: None} | {code: by_code[code] for code in by_code}


def _incidents(session: Session, epoch_id: bytes) -> list[Incident]:
    status, urgency = STATUS.by_code(), URGENCY.by_code()
    merged = RESOLVE_REASON.codes()["merge_resolve_reason"]
    acknowledged = _acknowledged(session, epoch_id)
    rows = _rows(
        session,
        epoch_id,
        "incident",
        "id",
        "created_at",
        "resolved_at",
        "last_status_change_at",
        "status",
        "urgency",
        "resolve_reason_type",
        "service_id",
        "escalation_policy_id",
    )
    return [
        Incident(
            id=row[0],
            created_at=row[1],
            resolved_at=row[2],
            last_status_change_at=row[3],
            status=status[row[4] or 0],
            urgency=urgency[row[5] or 0],
            merged=row[6] == merged,
            service_id=row[7],
            escalation_policy_id=row[8],
            acknowledged_at=acknowledged.get(row[0]),
        )
        for row in rows
    ]


def _acknowledged(session: Session, epoch_id: bytes) -> dict[bytes, int]:
    """The earliest acknowledgement by a user that an incident still lists."""
    user = ACTOR.codes()["user"]
    earliest: dict[bytes, int] = {}
    for incident, at, actor in _rows(
        session, epoch_id, "incident_acknowledgement", "incident_id", "at", "acknowledger_type"
    ):
        if actor == user:
            earliest[incident] = min(at, earliest.get(incident, at))
    return earliest


def _log_entries(session: Session, epoch_id: bytes) -> list[LogEntry]:
    types, actors, channels = LOG_ENTRY.by_code(), _words(ACTOR), _words(CHANNEL)
    assignees: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for entry, user in _rows(session, epoch_id, "log_entry_assignee", "log_entry_id", "id"):
        if user is not None:
            assignees[entry].append(user)
    rows = _rows(
        session,
        epoch_id,
        "log_entry",
        "id",
        "incident_id",
        "created_at",
        "type",
        "agent_type",
        "agent_id",
        "channel_type",
    )
    return [
        LogEntry(
            row[0],
            row[1],
            row[2],
            types[row[3]],
            actors[row[4]],
            row[5],
            channels[row[6]],
            tuple(assignees.get(row[0], ())),
        )
        for row in rows
        if row[1] is not None
    ]


def _rules(session: Session, epoch_id: bytes) -> list[EscalationRule]:
    words = TARGET.by_code()
    targets: defaultdict[tuple[bytes, int], list[EscalationTarget]] = defaultdict(list)
    for policy, rule, kind, target in _rows(
        session,
        epoch_id,
        "escalation_target",
        "escalation_policy_id",
        "escalation_rule_position",
        "type",
        "id",
    ):
        if target is not None:
            targets[policy, rule].append(EscalationTarget(words[kind or 0], target))
    return [
        EscalationRule(policy, position + 1, delay, tuple(targets[policy, position]))
        for policy, position, delay in _rows(
            session,
            epoch_id,
            "escalation_rule",
            "escalation_policy_id",
            "position",
            "escalation_delay_in_minutes",
        )
    ]
