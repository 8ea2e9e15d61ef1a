"""Short words for duty: shifts by the hour of the first week, rosters, zones, overrides."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.assessment.figures import Figure
from app.assessment.metrics.load import METRICS as LOAD
from app.assessment.metrics.oncall import METRICS as ONCALL
from app.assessment.options import AssessmentOptions
from app.assessment.rows import (
    EscalationRule,
    Facts,
    Incident,
    LogEntry,
    Responder,
    Schedule,
    ScheduleEntry,
    Service,
)
from tests.factories.configuration_rows import estate, policy, service
from tests.factories.rows import HOUR, MONDAY, family, name_of, pseudonym, shift


def on(
    person: str | None, start: float, end: float, schedule: str = "rota", *, override: bool = False
) -> ScheduleEntry:
    """A shift from one hour after Monday 2024-01-01 00:00 UTC to another."""
    found = shift(schedule, MONDAY + round(start * HOUR), MONDAY + round(end * HOUR), person)
    return found._replace(override=override)


def rota(
    *shifts: ScheduleEntry,
    rosters: Mapping[str, Iterable[str]] | None = None,
    rules: Iterable[EscalationRule] = (),
    services: Iterable[Service] | None = None,
    zones: Mapping[str, str] | None = None,
    homes: Mapping[str, str] | None = None,
    overrides: Iterable[ScheduleEntry] = (),
    teams: Mapping[str, str] | None = None,
    incidents: Iterable[Incident] = (),
    log: Iterable[LogEntry] = (),
) -> Facts:
    """``zones`` of schedules, ``homes`` of people, ``teams`` of schedules.

    One service behind every policy unless ``services`` are given.
    """
    levels = list(rules)
    policies = sorted({each.escalation_policy_id for each in levels})
    names = [name_of(each) for each in policies]
    listed = rosters or {name_of(each.schedule_id): () for each in shifts}
    found = estate(
        policies=[policy(name) for name in names],
        rules=levels,
        services=[service(f"for {n}", n) for n in names] if services is None else services,
        rosters=listed,
        shifts=shifts,
        incidents=incidents,
        log_entries=log,
        teams=sorted(set((teams or {}).values())),
    )
    return replace(
        found,
        schedules=[_placed(each, zones or {}, teams or {}) for each in found.schedules],
        responders=[Responder(pseudonym(who), zone) for who, zone in (homes or {}).items()],
        overrides=list(overrides),
    )


def _placed(found: Schedule, zones: Mapping[str, str], teams: Mapping[str, str]) -> Schedule:
    name = name_of(found.id)
    owner = (pseudonym(teams[name]),) if name in teams else ()
    return found._replace(time_zone=zones.get(name), teams=owner)


def duty(found: Facts, question: AssessmentOptions | None = None) -> dict[str, Figure]:
    """Figures of the on-call family by name."""
    return family(ONCALL, found, question)


def values_by_name(
    found: Facts, question: AssessmentOptions | None = None
) -> dict[str, float | None]:
    """Values of the on-call family by name."""
    return {name: figure.value for name, figure in duty(found, question).items()}


def load(found: Facts, question: AssessmentOptions | None = None) -> dict[str, Figure]:
    """Figures of the load family by name."""
    return family(LOAD, found, question)
