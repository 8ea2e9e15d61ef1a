"""Whole accounts of escalations, told incident by incident; the figures of ESC alone."""

from app.assessment.account import Account
from app.assessment.figures import Figure
from app.assessment.metrics.escalations import METRICS
from app.assessment.options import AssessmentOptions
from app.assessment.rows import Facts, Incident, LogEntry
from app.assessment.series import Points, Series
from tests.unit.assessment.assessment_rows import facts, family, incident, options, pseudonym
from tests.unit.assessment.escalations.steps import AT, RULES, SHIFTS

Told = tuple[Incident, list[LogEntry]]


def told(name: str, *log: LogEntry, at: int = AT, resolved: int | None = None) -> Told:
    """Steps of ``steps.py`` as those of incident ``name``, moved to its creation."""
    return of(incident(name, at, resolved=resolved), *log)


def of(found: Incident, *log: LogEntry) -> Told:
    by = found.created_at - AT
    own = [
        each._replace(
            incident_id=found.id,
            id=pseudonym(f"{found.id[:8].hex()}{n}"),
            created_at=each.created_at + by,
        )
        for n, each in enumerate(log)
    ]
    return found, own


def account(*every: Told) -> Facts:
    log = [each for _, own in every for each in own]
    return facts([each for each, _ in every], log, RULES, ["rota1", "rota2"], SHIFTS)


def figures(*every: Told, asked: AssessmentOptions | None = None) -> dict[str, Figure]:
    return family(METRICS, account(*every), asked)


def points(found: Series, *every: Told) -> Points:
    return found.compute(Account(account(*every), options())).points
