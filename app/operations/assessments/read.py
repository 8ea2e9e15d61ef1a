"""Reading for pages: always from the firm down, and from the open epoch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from app.core.clock import to_microseconds
from app.core.errors import NotFound
from app.models import HANDLE, RECORD_TABLES, Assessment, CollectionRun, Engagement, JobState
from app.operations.assessments.question import Question, question_of
from app.operations.runs.runs import finished_run
from app.operations.transactions.fence import open_epoch


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """A finished assessment: its handle and the report as data."""

    handle: str
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """One assessment of the open epoch, without its figures."""

    handle: str
    state: str
    """queued, running, done or failed."""
    queued_at: datetime
    finished_at: datetime | None
    since: datetime
    until: datetime
    question: Question = field(repr=False)


@dataclass(frozen=True, slots=True)
class Collected:
    """What another assessment can be about: a window, its snapshot, and teams and services."""

    since: datetime
    until: datetime
    as_of: datetime
    teams: Mapping[str, int]
    """Incidents of the window by pseudonym, in hexadecimal; the most first."""
    services: Mapping[str, int]


def latest_assessment(session: Session, engagement: Engagement) -> AssessmentView | None:
    """The newest finished assessment, or None; a closed epoch has none."""
    epoch = open_epoch(session, engagement.id)
    if epoch is None:
        return None
    found = session.scalar(
        select(Assessment)
        .where(Assessment.epoch_id == epoch.id, Assessment.state == JobState.DONE)
        .order_by(Assessment.id.desc())
        .limit(1)
    )
    if found is None or found.document is None:
        return None
    return AssessmentView(found.handle, found.document)


def assessment(session: Session, engagement: Engagement, handle: str) -> AssessmentView:
    """One finished assessment of the open epoch.

    Raises NotFound for one of another engagement, as for a missing or a deleted one.
    """
    epoch = open_epoch(session, engagement.id)
    found = (
        None
        if epoch is None or not HANDLE.fullmatch(handle)
        else session.scalar(
            select(Assessment).where(
                Assessment.epoch_id == epoch.id,
                Assessment.handle == handle,
                Assessment.state == JobState.DONE,
            )
        )
    )
    if found is None or found.document is None:
        raise NotFound
    return AssessmentView(found.handle, found.document)


def assessments(session: Session, engagement: Engagement) -> list[AssessmentLine]:
    """Every assessment of the open epoch, newest first; the reports themselves stay unread."""
    epoch = open_epoch(session, engagement.id)
    if epoch is None:
        return []
    rows = session.execute(
        select(
            Assessment.handle,
            Assessment.state,
            Assessment.queued_at,
            Assessment.finished_at,
            Assessment.question,
            CollectionRun.since,
            CollectionRun.until,
        )
        .join(CollectionRun, CollectionRun.id == Assessment.run_id)
        .where(Assessment.epoch_id == epoch.id)
        .order_by(Assessment.id.desc())
    )
    return [_line(row) for row in rows]


def _line(row: Any) -> AssessmentLine:
    question = question_of(row.question)
    return AssessmentLine(
        handle=row.handle,
        state=row.state,
        queued_at=row.queued_at,
        finished_at=row.finished_at,
        since=question.since or row.since,
        until=question.until or row.until,
        question=question,
    )


def collected(session: Session, engagement: Engagement) -> Collected | None:
    """What is collected and may be assessed; None before the first collection is done."""
    epoch = open_epoch(session, engagement.id)
    run = None if epoch is None else finished_run(session, epoch)
    if run is None:
        return None
    return Collected(
        run.since,
        run.until,
        run.as_of,
        _counted(session, run, RECORD_TABLES["incident_team"], "id"),
        _counted(session, run, RECORD_TABLES["incident"], "service_id"),
    )


def _counted(session: Session, run: CollectionRun, table: Table, of: str) -> dict[str, int]:
    """Incidents created in the window of ``run`` by one of their references."""
    incident = RECORD_TABLES["incident"]
    number = func.count()
    counted = select(table.c[of], number).where(table.c.epoch_id == run.epoch_id)
    if table is not incident:
        counted = counted.join(
            incident,
            (incident.c.epoch_id == table.c.epoch_id) & (incident.c.id == table.c.incident_id),
        )
    rows: Sequence[Any] = session.execute(
        counted.where(
            table.c[of].is_not(None),
            incident.c.deleted_at.is_(None),
            incident.c.created_at >= to_microseconds(run.since),
            incident.c.created_at < to_microseconds(run.until),
        )
        .group_by(table.c[of])
        .order_by(number.desc(), table.c[of])
    ).all()
    return {place.hex(): count for place, count in rows}
