"""Accounts of escalations, incident by incident, and the figures of ESC."""

from app.assessment.account import Account
from app.assessment.figures import Figure
from app.assessment.metrics.escalations import METRICS
from app.assessment.options import AssessmentOptions
from app.assessment.rows import Facts, Incident, LogEntry
from app.assessment.series import Points, Series
from tests.factories.rows import facts, family, incident, options, pseudonym
from tests.unit.assessment.escalations.steps import AT, RULES, SHIFTS

IncidentWithLog = tuple[Incident, list[LogEntry]]


def incident_with_log(
    name: str, *log: LogEntry, at: int = AT, resolved: int | None = None
) -> IncidentWithLog:
    """Steps of ``steps.py`` as those of incident ``name``, moved to its creation."""
    return of(incident(name, at, resolved=resolved), *log)


def of(found: Incident, *log: LogEntry) -> IncidentWithLog:
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


def account(*every: IncidentWithLog) -> Facts:
    log = [each for _, own in every for each in own]
    return facts([each for each, _ in every], log, RULES, ["rota1", "rota2"], SHIFTS)


def figures(
    *every: IncidentWithLog, question: AssessmentOptions | None = None
) -> dict[str, Figure]:
    return family(METRICS, account(*every), question)


def points(found: Series, *every: IncidentWithLog) -> Points:
    return found.compute(Account(account(*every), options())).points
