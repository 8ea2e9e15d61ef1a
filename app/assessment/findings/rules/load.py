"""What being on call costs: F26 to F29."""

from collections.abc import Iterable

from app.assessment.findings.finding import above, at_least, weighed, worst
from app.assessment.findings.rule import Hit, RuleInput, rule
from app.assessment.findings.rules.duty import AT_LEAST_ONE
from app.assessment.thresholds import THRESHOLDS

_T = THRESHOLDS.findings
NO_ADVICE = "An indicator, not legal advice."


@rule(
    "F26",
    "Overloaded shifts",
    "LOAD-01",
    "LOAD-03",
    recommendation="Cut noise first, then split the rota.",
    source="Google SRE book: at most two incidents per 12 h shift",
    dimension="sustainability",
)
def overloaded(case: RuleInput) -> Iterable[Hit]:
    """More than two incidents per 12 h on level 1; high from four, or if half the shifts are."""
    load = case.figures.account("incidents_per_12h_l1")
    heavy = case.figures.account("shifts_over_2_share")
    loaded = above(load, _T["F26"]["per_12_h"])
    severity = worst(
        [
            weighed("Medium", loaded),
            weighed("High", at_least(load, _T["F26"]["high_per_12_h"])),
            weighed("High", loaded, above(heavy, _T["F26"]["heavy_shifts"])),
        ]
    )
    if severity:
        yield Hit(severity, case.figures.some(load, heavy))


@rule(
    "F27",
    "Sleep disturbed",
    "INT-07",
    recommendation="Give time off after calls at night, and move their causes into the day.",
    source="PagerDuty State of Digital Operations 2021, as reported: 2 good, 7 bad, 19 burnt out",
    dimension="sustainability",
)
def disturbed(case: RuleInput) -> Iterable[Hit]:
    """Out-of-hours interruptions a month: over 19 for any person, or over 7 for a fifth of all.
    Also for each team that is large enough to identify nobody."""
    yield from _disturbed(case, "account", None)
    for team, people in case.figures.places("team", "out_of_hours_over_7_share").items():
        if (people.n or 0) >= _T["F27"]["people_of_team"]:
            yield from _disturbed(case, "team", team)


@rule(
    "F28",
    "Runs of broken nights",
    "INT-06",
    recommendation="Swap who is on call after two disturbed nights.",
    source="Folkard and Tucker 2003: safety declines over successive nights",
    dimension="sustainability",
)
def broken_nights(case: RuleInput) -> Iterable[Hit]:
    """In two weeks or more somebody had three disturbed nights in a row. A team too small for its
    figures to be shown is not named: then the finding is about the account."""
    teams = case.figures.places("team", "disturbed_run_weeks")
    found = [hit for team in sorted(teams) for hit in _broken(case, "team", team)]
    yield from found or _broken(case, "account", None)


@rule(
    "F29",
    "Short rest",
    "ONC-07",
    "INT-10",
    recommendation="Check with HR against the local rules on working time, and change the "
    "rotation.",
    source="Directive 2003/88/EC, article 3",
    dimension="sustainability",
)
def short_rest(case: RuleInput) -> Iterable[Hit]:
    """A rest under 11 h every four weeks or more, or a fifth of disturbed days without one."""
    rests = case.figures.account("rest_violations_per_4_weeks")
    share = case.figures.account("interrupted_rest_share")
    by_rests = weighed("Medium", at_least(rests, _T["F29"]["rests_per_4_weeks"]))
    by_share = weighed("Medium", above(share, _T["F29"]["interrupted_rest"]))
    severity = worst([by_rests, by_share])
    if severity:
        first, second = (rests, share) if by_rests == severity else (share, rests)
        yield Hit(severity, case.figures.some(first, second), note=NO_ADVICE)
    for team, figure in case.figures.places("team", "interrupted_rest_share").items():
        of_team = weighed("Medium", above(figure, _T["F29"]["interrupted_rest"]))
        if of_team:
            yield Hit(of_team, [figure], "team", team, NO_ADVICE)


def _disturbed(case: RuleInput, level: str, of: str | None) -> Iterable[Hit]:
    most, many, median = (
        case.figures.at(level, of, f"out_of_hours_{name}")
        for name in ("over_19_share", "over_7_share", "per_month_median")
    )
    severity = weighed("Medium", above(many, _T["F27"]["people_share"]))
    if most and most.value:
        yield Hit("High", case.figures.some(most, many, median), level, of, AT_LEAST_ONE)
    elif severity:
        yield Hit(severity, case.figures.some(many, median), level, of)


def _broken(case: RuleInput, level: str, of: str | None) -> Iterable[Hit]:
    weeks = case.figures.at(level, of, "disturbed_run_weeks")
    longest = case.figures.at(level, of, "disturbed_run_max")
    long = at_least(longest, _T["F28"]["run_nights"])
    if "no" not in (long, at_least(weeks, _T["F28"]["weeks"])):
        yield Hit("High", case.figures.some(weeks, longest), level, of, AT_LEAST_ONE)
