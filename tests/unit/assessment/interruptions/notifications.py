"""Short words for notifications, and the figures of some metrics by name."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from app.assessment.figures import Figure
from app.assessment.metrics.interruptions import METRICS
from app.assessment.options import AssessmentOptions
from app.assessment.rows import Facts, LogEntry, Responder
from tests.factories.rows import SECOND, entry, family, incident, name_of, pseudonym

NEW_YORK = "America/New_York"


def at(text: str, zone: str = "UTC") -> int:
    """``"2024-01-02 23:00"`` on the wall clock of a zone, in microseconds."""
    wall = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return round(wall.timestamp()) * SECOND


def page(person: str | None, moment: int, name: str = "a", by: str | None = "push") -> LogEntry:
    """A notification of ``person`` for incident ``name``; ``by`` None for a withheld channel."""
    return entry(name, "notify", moment, agent="service", channel="auto")._replace(
        id=pseudonym(f"{name}{person}{by}")[:8] + (moment % 2**60).to_bytes(8, "big"),
        notification=None if by is None else f"{by}_notification",
        user_id=None if person is None else pseudonym(person),
    )


def paged(
    pages: Iterable[LogEntry], since: int, zones: dict[str, str | None] | None = None
) -> Facts:
    """An account in which every page belongs to an incident created at ``since``."""
    log = list(pages)
    names = sorted({each.incident_id for each in log})
    return Facts(
        incidents=[incident("", since)._replace(id=name) for name in names],
        log_entries=log,
        responders=[Responder(pseudonym(who), zone) for who, zone in (zones or {}).items()],
    )


def window(since: str, until: str, zone: str = "Etc/UTC") -> AssessmentOptions:
    """A window by wall clocks of its zone, with its snapshot at the end."""
    end = at(until, zone)
    return AssessmentOptions(since=at(since, zone), until=end, as_of=end, time_zone=zone)


def measured(found: Facts, question: AssessmentOptions | None = None) -> dict[str, Figure]:
    """Figures of the interruptions family by name."""
    return family(METRICS, found, question)


def valued(found: Facts, question: AssessmentOptions | None = None) -> dict[str, float | None]:
    """Values of the interruptions family by name."""
    return {name: each.value for name, each in measured(found, question).items()}


def of_teams(found: Facts, teams: dict[str, str]) -> Facts:
    """The same with the incidents named given to teams."""
    return replace(
        found,
        incidents=[
            each._replace(teams=(pseudonym(teams[name]),)) if name in teams else each
            for each in found.incidents
            for name in (name_of(each.id),)
        ],
    )
