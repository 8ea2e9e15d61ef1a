"""How pages are answered: F15 to F20."""

from collections.abc import Iterable

from app.assessment.findings.finding import above, below, graded, weighed, worst
from app.assessment.findings.rule import Hit, RuleInput, rule
from app.assessment.thresholds import THRESHOLDS

_T = THRESHOLDS.findings


@rule(
    "F15",
    "Missed pages",
    "ESC-03",
    recommendation="Check notification rules and whether the rota is realistic; look at the hours "
    "of sleep first.",
    dimension="escalation",
    beside=("ESC-05",),
)
def missed_pages(case: RuleInput) -> Iterable[Hit]:
    """More than 10 % of the incidents that could escalate do so by time-out before anybody
    acknowledges."""
    figure = case.figures.account("missed_page_rate")
    severity = graded(figure, [("High", _T["F15"]["high"]), ("Medium", _T["F15"]["medium"])])
    if severity and figure:
        levels = case.figures.keys("ack_by_level_rate").values()
        bands = case.figures.keys("missed_page_rate_by_band").values()
        yield Hit(severity, [figure, *bands, *levels])


@rule(
    "F16",
    "Exhausted chains",
    "ESC-09",
    recommendation="Review where the policy ends: nobody answered at any level.",
    dimension="escalation",
    worse=("Critical", "high_urgency_exhausted_major_incidents"),
)
def exhausted(case: RuleInput) -> Iterable[Hit]:
    """A chain of a high-urgency incident ran out; critical for three, or for a major one."""
    figure = case.figures.account("high_urgency_exhausted_incidents")
    if figure is None or not figure.value:
        return
    major = case.figures.account("high_urgency_exhausted_major_incidents")
    severe = figure.value >= _T["F16"]["critical_count"] or bool(major and major.value)
    yield Hit("Critical" if severe else "High", case.figures.some(figure, major))


@rule(
    "F17",
    "Never acknowledged, high urgency",
    "ESC-10",
    recommendation="Where incidents resolve themselves, lower their urgency; where they do not, a "
    "person must acknowledge them.",
    source="PagerDuty incident response guide: what pages must need a person; the limits "
    "are our judgment",
    dimension="escalation",
)
def unseen(case: RuleInput) -> Iterable[Hit]:
    """More than 10 % of high-urgency incidents stay open or heal without an acknowledgement."""
    figure = case.figures.account("high_urgency_unseen_rate")
    severity = graded(figure, [("High", _T["F17"]["high"]), ("Medium", _T["F17"]["medium"])])
    if severity and figure:
        yield Hit(severity, [figure, *case.figures.keys("high_urgency_never_acked").values()])


@rule(
    "F18",
    "Slow acknowledgement",
    "INC-04",
    recommendation="Agree on a target per service, and page the level that can meet it.",
    source="PagerDuty incident response guide: 5 min",
    dimension="response",
    beside=("INC-05",),
    decided_by="high_urgency_tta_median_s",
)
def slow_acknowledgement(case: RuleInput) -> Iterable[Hit]:
    """The median high-urgency incident waits for more than 5 minutes."""
    figure = case.figures.account("high_urgency_tta_median_s")
    severity = graded(figure, [("High", _T["F18"]["high_s"]), ("Medium", _T["F18"]["medium_s"])])
    if severity and figure:
        rate = case.figures.account("high_urgency_ack_rate")
        yield Hit(severity, case.figures.some(figure, rate))


@rule(
    "F19",
    "Level 1 not answering",
    "ESC-05",
    recommendation="Find out whether level 1 is the wrong team, or overloaded.",
    dimension="escalation",
    beside=("LOAD-01",),
)
def level_one(case: RuleInput) -> Iterable[Hit]:
    """Less than 80 % of what could escalate and is acknowledged is acknowledged on level 1."""
    figure = case.figures.account("l1_ack_rate")
    severity = graded(
        figure,
        [("High", _T["F19"]["high"]), ("Medium", _T["F19"]["medium"])],
        below,
    )
    if severity and figure:
        load = case.figures.account("incidents_per_12h_l1")
        yield Hit(severity, case.figures.some(figure, load))


@rule(
    "F20",
    "Acknowledged, then forgotten",
    "INC-11",
    "NOI-04",
    recommendation="Turn on acknowledgement time-outs, and review how work is handed over.",
    source="our judgment; PagerDuty's default time-out is 30 min",
    dimension="response",
    beside=("INC-12",),
)
def forgotten(case: RuleInput) -> Iterable[Hit]:
    """More than 10 % of acknowledgements lapse, or more than 5 % end by the service's timer."""
    lapsed = case.figures.account("ack_timeout_rate")
    left = case.figures.account("abandoned_rate")
    by_time_out = weighed("Medium", above(lapsed, _T["F20"]["ack_timeouts"]))
    by_timer = weighed("Medium", above(left, _T["F20"]["abandoned"]))
    severity = worst([by_time_out, by_timer])
    if severity:
        first, second = (lapsed, left) if by_time_out == severity else (left, lapsed)
        unowned = case.figures.account("unowned_share")
        yield Hit(severity, case.figures.some(first, second, unowned))
