"""How duty is shared and handed over: F23 to F25, F30 to F32."""

from collections.abc import Iterable

from app.assessment.figures import Figure
from app.assessment.findings.finding import above, graded, weighed
from app.assessment.findings.rule import Hit, RuleInput, rule
from app.assessment.suppression import FEW, FEW_RULE
from app.assessment.thresholds import THRESHOLDS

_T = THRESHOLDS.findings
AT_LEAST_ONE = "At least one person."


@rule(
    "F23",
    "Too much on-call time",
    "ONC-02",
    recommendation="Enlarge the rota, or share it with a sister team.",
    source="Google SRE book: at most 25 % of the time on call",
    dimension="sustainability",
)
def too_much(case: RuleInput) -> Iterable[Hit]:
    """Somebody is on call for more than a quarter of the time; high if more than half are."""
    figure = case.figures.account("people_over_quarter_share")
    if figure and figure.value:
        severe = figure.value > _T["F23"]["high_people"]
        yield Hit("High" if severe else "Medium", [figure])


@rule(
    "F24",
    "Rota too small",
    "ONC-12",
    recommendation="Merge rotas or recruit: with fewer than four everybody is on call each week.",
    source="Google SRE book: eight on one site, six per site on two; four is our judgment",
    dimension="sustainability",
    also=("ONC-09",),
)
def too_small(case: RuleInput) -> Iterable[Hit]:
    """A rota around the clock (95 % of the window) of fewer than 8 people or, where it has two
    sites or more by time zone, with a site of fewer than 6; high with fewer than 4 in all."""
    for schedule, size in case.figures.places("schedule", "rotation_size").items():
        covered = case.figures.value("schedule", schedule, "schedule_covered_share") or 0.0
        if not size.value or covered < _T["F24"]["around_the_clock"]:
            continue
        sites = case.figures.at("schedule", schedule, "rotation_sites")
        smallest = case.figures.at("schedule", schedule, "rotation_smallest_site")
        small = size.value < _T["F24"]["people"]
        if sites is not None and (sites.value or 0) >= _T["F24"]["sites"]:
            small = _fewer(smallest, _T["F24"]["people_per_site"])
        if small:
            severe = size.value < _T["F24"]["high_people"]
            evidence = case.figures.some(size, sites, smallest)
            yield Hit("High" if severe else "Medium", evidence, "schedule", schedule)


@rule(
    "F25",
    "Unequal duty",
    "ONC-03",
    recommendation="Rebalance; ask first about part-time work and new joiners.",
    dimension="sustainability",
)
def unequal(case: RuleInput) -> Iterable[Hit]:
    """The corrected Gini of on-call hours of eight people or more lies above 0.3."""
    figure = case.figures.account("gini_roster_corrected")
    severity = graded(figure, [("High", _T["F25"]["high"]), ("Medium", _T["F25"]["medium"])])
    if figure and severity and (figure.n or 0) >= _T["F25"]["people"]:
        yield Hit(severity, [figure])


@rule(
    "F30",
    "Long duty",
    "ONC-06",
    recommendation="Rotate weekly, with a day of overlap.",
    source="Google SRE book: weekly shifts; the limits are our judgment",
    dimension="sustainability",
)
def long_duty(case: RuleInput) -> Iterable[Hit]:
    """A duty block of more than a week by the local clock; high above two weeks."""
    figure = case.figures.account("longest_block_d")
    if figure and figure.value is not None and figure.value > _T["F30"]["low_days"]:
        severe = figure.value > _T["F30"]["high_days"]
        yield Hit("High" if severe else "Low", [figure], note=AT_LEAST_ONE)


@rule(
    "F31",
    "Unstable rota",
    "ONC-11",
    recommendation="The plan does not match reality: change the hours or the length of the shifts.",
    dimension="sustainability",
)
def unstable(case: RuleInput) -> Iterable[Hit]:
    """Overrides make more than 15 % of the covered hours."""
    figure = case.figures.account("override_share")
    severity = graded(figure, [("Medium", _T["F31"]["override_share"])])
    if figure and severity:
        yield Hit(severity, case.figures.some(figure, case.figures.account("override_h")))


@rule(
    "F32",
    "Night hand-offs",
    "ONC-08",
    dimension="sustainability",
    recommendation="Move the hand-off to a morning of a working day.",
    source="PagerDuty incident response guide on handing over; the limit is our judgment",
)
def night_handoffs(case: RuleInput) -> Iterable[Hit]:
    """More than half of the hand-offs lie outside business hours."""
    figure = case.figures.account("handoffs_outside_business_share")
    severity = weighed("Low", above(figure, _T["F32"]["outside_business"]))
    if figure and severity:
        yield Hit(severity, case.figures.some(figure, case.figures.account("handoffs")))


def _fewer(people: Figure | None, than: float) -> bool:
    """A count of people that is published as fewer than five is fewer than five."""
    if people is None:
        return False
    if people.withheld == FEW_RULE:
        return than >= FEW
    return people.value is not None and people.value < than
