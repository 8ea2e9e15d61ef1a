"""Equivalent accounts: rows shuffled or shifted in time, a window in its parts."""

from collections.abc import Iterable
from dataclasses import fields, replace
from random import Random
from typing import Any

from app.assessment.figures import Figure
from app.assessment.metric import Metric
from app.assessment.options import AssessmentOptions
from app.assessment.rows import Facts, Incident, Service
from tests.factories.rows import MONDAY, WEEK, listed, options

TWO_WEEKS = options(MONDAY + 2 * WEEK, MONDAY + 3 * WEEK)
"""Two weeks, as seen a week after their end."""


def shuffled(rows: Facts, seed: int) -> Facts:
    """The same rows, every table of them in another order; priorities are an order themselves."""
    chance = Random(seed)  # noqa: S311 - no secret
    fixed = {"priorities", "abilities", "gathered"}
    tables = {
        each.name: list(getattr(rows, each.name)) for each in fields(rows) if each.name not in fixed
    }
    mixed: dict[str, Any] = {name: chance.sample(each, len(each)) for name, each in tables.items()}
    return replace(rows, **mixed)


def moved(rows: Facts, by: int) -> Facts:
    """The same rows, every instant in them ``by`` microseconds later."""
    return replace(
        rows,
        incidents=[_incident(each, by) for each in rows.incidents],
        log_entries=[each._replace(created_at=each.created_at + by) for each in rows.log_entries],
        schedule_entries=[
            each._replace(start=each.start + by, end=each.end + by)
            for each in rows.schedule_entries
        ],
        overrides=[
            each._replace(start=each.start + by, end=each.end + by) for each in rows.overrides
        ],
        services=[_service(each, by) for each in rows.services],
        oncalls=[
            each._replace(start=_later(each.start, by), end=_later(each.end, by))
            for each in rows.oncalls
        ],
        change_events=[each._replace(timestamp=each.timestamp + by) for each in rows.change_events],
    )


def moved_window(question: AssessmentOptions, by: int) -> AssessmentOptions:
    """The same question, with its window ``by`` microseconds later."""
    return replace(
        question, since=question.since + by, until=question.until + by, as_of=question.as_of + by
    )


def _later(at: int | None, by: int) -> int | None:
    return None if at is None else at + by


def _incident(row: Incident, by: int) -> Incident:
    return row._replace(
        created_at=row.created_at + by,
        resolved_at=_later(row.resolved_at, by),
        last_status_change_at=_later(row.last_status_change_at, by),
        acknowledged_at=_later(row.acknowledged_at, by),
        requests=tuple(at + by for at in row.requests),
        responders=tuple(
            each._replace(
                requested_at=_later(each.requested_at, by), updated_at=_later(each.updated_at, by)
            )
            for each in row.responders
        ),
    )


def _service(row: Service, by: int) -> Service:
    return row._replace(
        created_at=_later(row.created_at, by), last_incident_at=_later(row.last_incident_at, by)
    )


def nameless(figures: Iterable[Figure]) -> list[Figure]:
    """Figures without the names of weeks, which move with them."""
    return [f._replace(of=None) if f.level == "week" else f for f in figures]


def now_and_later(
    metrics: Iterable[Metric], rows: Facts, question: AssessmentOptions, weeks: int
) -> tuple[list[Figure], list[Figure]]:
    """The figures of the rows, and of the same rows and window whole weeks later."""
    every, by = list(metrics), weeks * WEEK
    later = listed(every, moved(rows, by), moved_window(question, by))
    return nameless(listed(every, rows, question)), nameless(later)


def totals(
    metrics: Iterable[Metric], rows: Facts, question: AssessmentOptions, names: Iterable[str]
) -> dict[str, float]:
    """Figures of the whole account that are sums; what has no value adds nothing."""
    wanted = set(names)
    return {
        figure.measure: figure.value or 0.0
        for figure in listed(metrics, rows, question)
        if figure.level == "account" and figure.measure in wanted
    }


def halves_and_whole(
    metrics: Iterable[Metric], rows: Facts, names: Iterable[str]
) -> tuple[dict[str, float], dict[str, float]]:
    """Totals of the two weeks added up; and those of ``TWO_WEEKS`` at once, as far as reported."""
    every, wanted, middle = list(metrics), list(names), MONDAY + WEEK
    first = totals(every, rows, replace(TWO_WEEKS, until=middle), wanted)
    second = totals(every, rows, replace(TWO_WEEKS, since=middle), wanted)
    added = {name: first[name] + second[name] for name in wanted}
    return added, totals(every, rows, TWO_WEEKS, wanted)
