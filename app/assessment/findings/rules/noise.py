"""Noise and volume: F33 to F38."""

from collections.abc import Iterable

from app.assessment.findings.finding import above, at_least, graded, weighed, worst
from app.assessment.findings.rule import Hit, RuleInput, rule
from app.assessment.hours import WEEK_US
from app.assessment.metrics.noise.clusters import MONTH_US
from app.assessment.thresholds import THRESHOLDS

_T = THRESHOLDS.findings
_WEEKS_OF_MONTH = MONTH_US / WEEK_US


@rule(
    "F33",
    "Noise: transient",
    "NOI-02",
    recommendation="Delay or auto-pause notifications by 5 minutes on the services that make most "
    "of them.",
    source="PagerDuty Auto-Pause; the limits are our judgment",
    dimension="noise",
)
def transient(case: RuleInput) -> Iterable[Hit]:
    """More than 20 % of high-urgency incidents resolve themselves within the transient bound."""
    figure = case.figures.account("high_urgency_transient_share")
    severity = graded(figure, [("High", _T["F33"]["high"]), ("Medium", _T["F33"]["medium"])])
    if severity and figure:
        within = case.figures.keys("high_urgency_transient_share_within").values()
        yield Hit(severity, [figure, *within])


@rule(
    "F34",
    "Noise: no action",
    "NOI-11",
    recommendation="Turn what nobody acts on into low urgency, or into a dashboard.",
    source="PagerDuty incident response guide: what wakes a person must need one; the limits are "
    "our judgment",
    dimension="noise",
)
def no_action(case: RuleInput) -> Iterable[Hit]:
    """More than 30 % of incidents healed without anybody having to act."""
    figure = case.figures.account("non_actionable_share")
    severity = graded(figure, [("High", _T["F34"]["high"]), ("Medium", _T["F34"]["medium"])])
    if severity and figure:
        yield Hit(severity, [figure])


@rule(
    "F35",
    "Flapping service",
    "NOI-05",
    recommendation="Add hysteresis to the alert, or group its alerts into one incident.",
    source="the idea of repeated state changes in ISA-18.2 and Nagios; the numbers are "
    "our judgment",
    dimension="noise",
)
def flapping(case: RuleInput) -> Iterable[Hit]:
    """A service has three episodes a month or more."""
    for service, figure in case.figures.places("service", "flap_episodes_per_month").items():
        severity = weighed("Medium", at_least(figure, _T["F35"]["episodes_per_month"]))
        if severity:
            yield Hit(severity, [figure], "service", service)


@rule(
    "F36",
    "Storms",
    "NOI-06",
    recommendation="Group alerts by dependency, so that one cause makes one incident.",
    source="ISA-18.2: ten alarms in ten minutes are a flood",
    dimension="noise",
)
def storms(case: RuleInput) -> Iterable[Hit]:
    """A storm a month or more in the account, high from one a week on; or more than 1 % of the
    time in one."""
    number = case.figures.account("storms_per_month")
    time = case.figures.account("storm_time_share")
    often = graded(
        number,
        [("High", _T["F36"]["per_week"] * _WEEKS_OF_MONTH), ("Medium", _T["F36"]["per_month"])],
        at_least,
    )
    severity = worst([often, weighed("Medium", above(time, _T["F36"]["share_of_time"]))])
    if severity:
        first, second = (number, time) if often == severity else (time, number)
        yield Hit(severity, case.figures.some(first, second))


@rule(
    "F37",
    "Urgency unused",
    "INC-16",
    recommendation="Use low urgency and support hours for what can wait until morning.",
    source="PagerDuty incident response guide: classes of alerts; the limit is our judgment",
    dimension="noise",
)
def urgency_unused(case: RuleInput) -> Iterable[Hit]:
    """More than 95 % of more than 50 incidents are of high urgency."""
    figure = case.figures.account("urgency_high_share")
    severity = graded(figure, [("Medium", _T["F37"]["high_urgency"])])
    if figure and severity and (figure.n or 0) > _T["F37"]["incidents"]:
        yield Hit(severity, [figure])


@rule(
    "F38",
    "Few services make the load",
    "SVC-01",
    recommendation="Start with these services: a fix there helps everybody.",
    source="ISA-18.2: the ten most frequent alarms make 20 to 80 %; the limit is our judgment",
)
def pareto(case: RuleInput) -> Iterable[Hit]:
    """Of 20 services or more, a tenth makes more than half of the incidents."""
    figure = case.figures.account("top_decile_service_share")
    services = case.figures.account("services_counted")
    enough = services is not None and (services.value or 0) >= _T["F38"]["services"]
    severity = graded(figure, [("Medium", _T["F38"]["share_of_incidents"])])
    if figure and severity and enough:
        yield Hit("Medium" if severity == "Medium" else "Info", case.figures.some(figure, services))
