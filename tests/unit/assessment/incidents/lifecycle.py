"""Short words for incidents and who worked on them; the figures of INC alone."""

from app.assessment.account import Account
from app.assessment.figures import Figure
from app.assessment.metrics.incidents import METRICS
from app.assessment.options import AssessmentOptions
from app.assessment.rows import AddedResponder, Facts, Incident, LogEntry
from app.assessment.series import Points, Series
from tests.factories.rows import (
    MONDAY,
    SECOND,
    entry,
    facts,
    family,
    incident,
    name_of,
    options,
    pseudonym,
)


def figures(rows: Facts, question: AssessmentOptions | None = None) -> dict[str, Figure]:
    return family(METRICS, rows, question)


def values(rows: Facts, question: AssessmentOptions | None = None) -> dict[str, float | None]:
    return {name: figure.value for name, figure in figures(rows, question).items()}


def points(found: Series, rows: Facts, question: AssessmentOptions | None = None) -> Points:
    return found.compute(Account(rows, question or options())).points


def acked_after(*seconds: int) -> Facts:
    """One incident per number, acknowledged so many seconds after its creation."""
    names = [f"i{n}" for n in range(len(seconds))]
    log = [
        entry(name, "acknowledge", MONDAY + s * SECOND)
        for name, s in zip(names, seconds, strict=True)
    ]
    return facts([incident(name) for name in names], log)


def ack(name: str, at: int, who: str) -> LogEntry:
    return entry(name, "acknowledge", at)._replace(agent_id=pseudonym(who))


def added(found: Incident, *people: AddedResponder) -> Incident:
    return found._replace(responders=people)


def requested(
    who: str, at: int | None, joined: int | None = None, state: str = "joined"
) -> AddedResponder:
    """A person requested at ``at`` who accepted at ``joined``."""
    return AddedResponder(state if joined else "pending", at, joined, pseudonym(who))


def people_of(figure: Figure) -> dict[str, float]:
    return {name_of(who): much for who, much in (figure.people or {}).items()}


def of_priority(
    name: str, priority: str | None, at: int = MONDAY, resolved: int | None = None
) -> Incident:
    found = incident(name, at, resolved=resolved)
    return found._replace(priority_id=None if priority is None else pseudonym(priority))
