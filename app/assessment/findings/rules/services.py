"""Services and how they hang together: F39 to F43."""

from collections.abc import Iterable

from app.assessment.figures import Figure
from app.assessment.findings.finding import Certainty, above, below, graded, weighed
from app.assessment.findings.rule import Hit, RuleInput, rule
from app.assessment.findings.rules.configuration import slow_escalation
from app.assessment.findings.rules.coverage import level_one_gaps
from app.assessment.findings.rules.reachability import one_level, single_person
from app.assessment.thresholds import THRESHOLDS

_T = THRESHOLDS.findings


@rule(
    "F39",
    "Concentrated policy",
    "SVC-06",
    recommendation="Split it by who owns the services.",
    dimension="structure",
)
def concentrated(case: RuleInput) -> Iterable[Hit]:
    """One policy answers for more than 40 % of more than ten services."""
    figure = case.figures.account("top_policy_share")
    if figure and (figure.n or 0) > _T["F39"]["services"]:
        severity = graded(figure, [("Medium", _T["F39"]["top_policy"])])
        if severity:
            yield Hit(severity, [figure])


@rule(
    "F40",
    "Critical service weakly covered",
    "SVC-08",
    "POL-01",
    "POL-02",
    "POL-05",
    "ONC-09",
    recommendation="Fix these services first.",
    dimension="structure",
    also=("POL-08",),
    beside=("ESC-10", "ESC-11"),
)
def critical_service(case: RuleInput) -> Iterable[Hit]:
    """A service of the top decile whose policy has F02, F04, F08 or F13."""
    weak: dict[str, list[Figure]] = {}
    for each in (single_person, one_level, slow_escalation, level_one_gaps):
        for hit in each.judge(case):
            if hit.of is not None:
                weak.setdefault(hit.of, []).extend(hit.evidence)
    for service in sorted(case.critical_services):
        evidence = weak.get(case.policy_of.get(service, ""))
        if evidence:
            rank = case.figures.at("service", service, "criticality_rank")
            yield Hit("Critical", case.figures.some(*evidence, rank), "service", service)


@rule(
    "F41",
    "Dependency cycle",
    "SVC-03",
    "SVC-05",
    recommendation="Break the cycle or write it down: no grouping of alerts can order it.",
    dimension="structure",
    beside=("SVC-05",),
    worse=("Medium", "edge_lift"),
)
def cycle(case: RuleInput) -> Iterable[Hit]:
    """Services depend on each other in a circle; worse where its members alert together."""
    figure = case.figures.account("cycles")
    if figure is None or not figure.value:
        return
    together = [lift for edge, lift in _together(case).items() if _in_one_cycle(case, edge)]
    sizes = case.figures.places("service", "cycle_size").values()
    evidence = [figure, *together, *(each for each in sizes if each.value)]
    yield Hit("Medium" if together else "Low", evidence)


@rule(
    "F42",
    "Map missing",
    "SVC-07",
    recommendation="Map the services that make most incidents first.",
)
def unmapped(case: RuleInput) -> Iterable[Hit]:
    """More than half of the services stand in no dependency."""
    figure = case.figures.account("unmapped_services_share")
    if figure and (figure.value or 0) > _T["F42"]["unmapped"]:
        yield Hit("Low", [figure])


@rule(
    "F43",
    "Dependents page first",
    "SVC-05",
    recommendation="Alert on the supporting service, and suppress the alerts that follow "
    "downstream.",
)
def dependents_first(case: RuleInput) -> Iterable[Hit]:
    """Two services alert together, and in more than 30 % of cases the dependent is not later."""
    lags = case.figures.keys("edge_not_after_share")
    for edge, lift in _together(case).items():
        early = lags.get(edge)
        severity = weighed("Low", _lifted(lift), above(early, _T["F43"]["lag_share"]))
        if early and severity:
            yield Hit(severity, [early, lift], "dependency", edge)


def _together(case: RuleInput) -> dict[str, Figure]:
    """Edges whose ends alert together: lift above 3, p below 0.01 after Holm's correction."""
    p = case.figures.keys("edge_p")
    return {
        edge: lift
        for edge, lift in case.figures.keys("edge_lift").items()
        if _lifted(lift) != "no" and below(p.get(edge), _T["F43"]["p"]) != "no"
    }


def _lifted(lift: Figure) -> Certainty:
    return above(lift, _T["F43"]["lift"])


def _in_one_cycle(case: RuleInput, edge: str) -> bool:
    one, other = (case.cycle_of.get(end) for end in edge.split(">"))
    return one is not None and one == other
