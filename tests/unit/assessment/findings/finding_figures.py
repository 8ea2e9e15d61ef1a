"""Figures made by hand, and what the rules find in them."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.assessment.catalogue import BY_MEASURE
from app.assessment.figures import Figure
from app.assessment.findings import Finding
from app.assessment.findings.judge import judge
from app.assessment.findings.rule import RuleInput
from app.assessment.metric import HIGH_URGENCY
from app.assessment.options import AssessmentOptions
from app.assessment.published_figures import PublishedFigures
from app.assessment.scopes import LEVELS
from tests.factories.rows import DAY, MONDAY, options

LONG = options(until=MONDAY + 90 * DAY)
POLICY, SERVICE, OTHER, TEAM, ROTA = ("aa", "bb", "cc", "dd", "ee")


def figure(
    measure: str,
    value: float | None,
    interval: tuple[float, float] | None = None,
    *,
    policy: str | None = None,
    service: str | None = None,
    team: str | None = None,
    schedule: str | None = None,
    key: str | None = None,
    n: int | None = 100,
    withheld: str | None = None,
) -> Figure:
    """Of the account, or of the place named; the catalogue must declare it there."""
    places = {"policy": policy, "service": service, "team": team, "schedule": schedule}
    level, of = next(((each, of) for each, of in places.items() if of), ("account", None))
    metric = BY_MEASURE[measure.removeprefix(HIGH_URGENCY)]
    declared = metric.measure(measure)
    levels = metric.split if measure.startswith(HIGH_URGENCY) else metric.levels
    assert level in {LEVELS[each] for each in levels}, f"{measure} is not computed for a {level}"
    return Figure(
        id=metric.id,
        measure=measure,
        value=value,
        unit=declared.unit,
        n=n,
        interval=interval,
        level=level,
        of=of,
        key=key,
        sample_class=declared.sample or metric.sample,
        statistic=declared.statistic,
        privacy_class=declared.privacy or metric.privacy,
        withheld=withheld,
    )


def served(number: int = 1, urgent: int | None = None, policy: str = POLICY) -> list[Figure]:
    """A policy with services, all of high urgency unless stated otherwise."""
    high = number if urgent is None else urgent
    return [
        figure("services_behind", number, policy=policy),
        figure("urgent_services_behind", high, policy=policy),
    ]


def all_findings(
    figures: Iterable[Figure],
    *,
    critical: Iterable[str] = (),
    policy_of: Mapping[str, str] | None = None,
    cycle_of: Mapping[str, int] | None = None,
    question: AssessmentOptions = LONG,
    missing: Iterable[str] = (),
) -> list[Finding]:
    case = RuleInput(
        PublishedFigures(figures),
        question,
        frozenset(critical),
        policy_of or {},
        cycle_of or {},
        frozenset(missing),
    )
    return judge(case)


def found(number: str, *figures: Figure, **account: Any) -> list[Finding]:
    """Findings of one rule, on an account as ``all_findings`` takes it."""
    return [each for each in all_findings(figures, **account) if each.id == number]


def severities(number: str, *figures: Figure, **account: Any) -> list[str]:
    """How severe each finding of one rule is."""
    return [each.severity for each in found(number, *figures, **account)]
