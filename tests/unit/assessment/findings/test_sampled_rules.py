"""Rules over sampled figures: their borders, and what the interval has to say."""

from typing import NamedTuple

import pytest

from app.assessment.figures import Figure
from app.assessment.findings.finding import above, at_least, below, graded, step_down
from tests.unit.assessment.findings.finding_figures import TEAM, figure, found, severities


class Step(NamedTuple):
    number: str
    measure: str
    key: str | None
    border: float
    """Still harmless."""
    value: float
    """Just beyond it, or beyond the next one."""
    severity: str
    """If the whole interval lies beyond."""

    def figure(self, value: float | None, interval: tuple[float, float] | None) -> Figure:
        return figure(self.measure, value, interval, key=self.key)


BORDERS: list[tuple[str, str, str | None, float, list[tuple[float, str]]]] = [
    ("F15", "missed_page_rate", None, 0.10, [(0.1001, "Medium"), (0.2001, "High")]),
    ("F17", "high_urgency_unseen_rate", None, 0.10, [(0.1001, "Medium"), (0.2501, "High")]),
    ("F18", "high_urgency_tta_median_s", None, 300, [(301, "Medium"), (901, "High")]),
    ("F19", "l1_ack_rate", None, 0.80, [(0.7999, "Medium"), (0.5999, "High")]),
    ("F20", "ack_timeout_rate", None, 0.10, [(0.1001, "Medium")]),
    ("F20", "abandoned_rate", None, 0.05, [(0.0501, "Medium")]),
    ("F25", "gini_roster_corrected", None, 0.30, [(0.3001, "Medium"), (0.4501, "High")]),
    ("F26", "incidents_per_12h_l1", None, 2.0, [(2.01, "Medium"), (4.0, "High")]),
    ("F27", "out_of_hours_over_7_share", None, 0.20, [(0.2001, "Medium")]),
    ("F29", "rest_violations_per_4_weeks", None, 0.999, [(1.0, "Medium")]),
    ("F29", "interrupted_rest_share", None, 0.20, [(0.2001, "Medium")]),
    ("F31", "override_share", None, 0.15, [(0.1501, "Medium")]),
    ("F32", "handoffs_outside_business_share", None, 0.50, [(0.5001, "Low")]),
    ("F33", "high_urgency_transient_share", None, 0.20, [(0.2001, "Medium"), (0.4001, "High")]),
    ("F34", "non_actionable_share", None, 0.30, [(0.3001, "Medium"), (0.5001, "High")]),
    ("F36", "storms_per_month", None, 0.999, [(1.0, "Medium"), (30 / 7, "High")]),
    ("F37", "urgency_high_share", None, 0.95, [(0.9501, "Medium")]),
    ("F45", "change_visibility", None, 0.50, [(0.4999, "Info")]),
]
STEPS = [
    Step(number, measure, key, border, value, severity)
    for number, measure, key, border, steps in BORDERS
    for value, severity in steps
]
WIDE = (0.0, 10_000.0)
NEXT_DOWN = {"High": "Medium", "Medium": "Low", "Low": "Info", "Info": "Info"}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.number}-{step.severity}")
def test_a_rule_fires_beyond_its_border_in_full_if_the_whole_interval_is(step: Step) -> None:
    sure = step.figure(step.value, (step.value, step.value))
    (hit,) = found(step.number, sure)
    assert hit.severity == step.severity
    assert hit.evidence[0] == sure


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.number}-{step.severity}")
def test_a_rule_does_not_fire_at_its_border(step: Step) -> None:
    assert found(step.number, step.figure(step.border, WIDE)) == []
    assert found(step.number, step.figure(None, None)) == []
    assert found(step.number) == []


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.number}-{step.severity}")
def test_severity_drops_one_step_if_only_the_value_lies_beyond(step: Step) -> None:
    result = severities(step.number, step.figure(step.value, WIDE))
    assert result == [NEXT_DOWN[step.severity]]


def test_the_border_of_each_severity_is_judged_apart() -> None:
    # Surely above 10 %, above 20 % by its value alone: one step below High is Medium as well.
    assert severities("F15", figure("missed_page_rate", 0.21, (0.11, 0.3))) == ["Medium"]
    # Above 20 % by its value, above 10 % not surely: still one step below High.
    assert severities("F15", figure("missed_page_rate", 0.21, (0.09, 0.3))) == ["Medium"]
    assert severities("F15", figure("missed_page_rate", 0.19, (0.09, 0.3))) == ["Low"]
    assert severities("F19", figure("l1_ack_rate", 0.5, (0.3, 0.7))) == ["Medium"]


def test_a_fact_without_an_interval_needs_none() -> None:
    assert severities("F15", figure("missed_page_rate", 0.21)) == ["High"]
    assert above(None, 0) == at_least(None, 0) == below(None, 0) == "no"
    assert graded(None, [("High", 0.0)]) is None
    assert step_down("Critical") == "High"
    assert step_down("Info") == "Info"


def test_a_withheld_figure_triggers_nothing() -> None:
    hidden = figure("people_over_quarter_share", None, n=None, withheld="PRIV-1")
    assert found("F23", hidden) == []


def test_missed_pages_show_the_bands_and_the_levels() -> None:
    sleep = figure("missed_page_rate_by_band", 0.5, key="sleep")
    second = figure("ack_by_level_rate", 0.4, key="L2")
    (hit,) = found("F15", figure("missed_page_rate", 0.3), sleep, second)
    assert hit.evidence[1:] == (sleep, second)


@pytest.mark.parametrize(
    ("load", "heavy", "severity"),
    [
        ((2.5, (2.1, 3.0)), (0.6, (0.55, 0.7)), "High"),
        ((2.5, (2.1, 3.0)), (0.5, (0.4, 0.6)), "Medium"),
        ((2.5, (2.1, 3.0)), (0.6, (0.4, 0.7)), "Medium"),
        ((2.5, (1.9, 3.0)), (0.6, (0.55, 0.7)), "Medium"),
        ((2.5, (1.9, 3.0)), (0.5, (0.4, 0.6)), "Low"),
        ((4.5, (3.9, 5.0)), (0.1, (0.0, 0.2)), "Medium"),
        ((4.5, (1.9, 7.0)), (0.1, (0.0, 0.2)), "Medium"),
        ((4.5, (4.0, 5.0)), (0.1, (0.0, 0.2)), "High"),
    ],
)
def test_overload_is_high_from_four_or_where_half_the_shifts_are_heavy(
    load: tuple[float, tuple[float, float]],
    heavy: tuple[float, tuple[float, float]],
    severity: str,
) -> None:
    result = severities(
        "F26", figure("incidents_per_12h_l1", *load), figure("shifts_over_2_share", *heavy)
    )
    assert result == [severity]


def test_heavy_shifts_alone_are_no_overload() -> None:
    light = figure("incidents_per_12h_l1", 2.0, (1.5, 2.5))
    assert found("F26", light, figure("shifts_over_2_share", 0.9, (0.8, 1.0))) == []


def test_forgotten_lists_first_the_figure_it_fired_on() -> None:
    lapsed = figure("ack_timeout_rate", 0.05, (0.01, 0.1))
    left = figure("abandoned_rate", 0.06, (0.051, 0.07))
    (hit,) = found("F20", lapsed, left)
    assert hit.severity == "Medium"
    assert hit.evidence[0] == left


@pytest.mark.parametrize(
    ("value", "interval", "chance", "expected"),
    [
        (0.20, (0.1501, 0.3), 0.05, ["Medium"]),
        (0.20, (0.1500, 0.3), 0.05, []),
        (0.40, (0.3001, 0.5), 0.05, ["High"]),
        (0.40, (0.2, 0.5), 0.05, ["Medium"]),
        (0.40, (0.10, 0.9), 0.05, []),
        (0.40, (0.3001, 0.5), 0.15, ["High"]),
        (0.40, (0.3001, 0.5), 0.1501, []),
        (0.40, (0.3001, 0.5), None, []),
    ],
)
def test_change_failures_need_the_lower_bound_and_twice_chance(
    value: float, interval: tuple[float, float], chance: float | None, expected: list[str]
) -> None:
    result = severities(
        "F44", figure("change_failure_rate", value, interval), figure("chance_rate", chance)
    )
    assert result == expected


def test_urgency_is_unused_only_from_51_incidents_on() -> None:
    assert severities("F37", figure("urgency_high_share", 1.0, (0.96, 1.0), n=51)) == ["Medium"]
    assert severities("F37", figure("urgency_high_share", 1.0, (0.96, 1.0), n=50)) == []


def test_inequality_is_judged_from_eight_people_on() -> None:
    assert severities("F25", figure("gini_roster_corrected", 0.5, (0.46, 0.6), n=8)) == ["High"]
    assert severities("F25", figure("gini_roster_corrected", 0.5, (0.46, 0.6), n=7)) == []


def test_a_pareto_needs_twenty_services_and_is_medium_or_for_information() -> None:
    sure = figure("top_decile_service_share", 0.6, (0.51, 0.7))
    perhaps = figure("top_decile_service_share", 0.6, (0.49, 0.7))
    assert severities("F38", sure, figure("services_counted", 20)) == ["Medium"]
    assert severities("F38", perhaps, figure("services_counted", 20)) == ["Info"]
    assert severities("F38", sure, figure("services_counted", 19)) == []
    half = figure("top_decile_service_share", 0.5, (0.4, 0.6))
    assert severities("F38", half, figure("services_counted", 20)) == []


def test_storms_fire_by_their_time_too() -> None:
    rare = figure("storms_per_month", 0.5, (0.1, 0.9))
    assert severities("F36", rare, figure("storm_time_share", 0.0101)) == ["Medium"]
    assert severities("F36", rare, figure("storm_time_share", 0.01)) == []


def test_a_flapping_service_is_named() -> None:
    many = figure("flap_episodes_per_month", 3.0, (3.0, 4.0), service="bb")
    perhaps = figure("flap_episodes_per_month", 3.0, (1.0, 8.0), service="cc")
    few = figure("flap_episodes_per_month", 2.9, (1.0, 8.0), service="dd")
    result = [(each.of, each.severity) for each in found("F35", many, perhaps, few)]
    assert result == [("bb", "Medium"), ("cc", "Low")]


def test_hasty_escalation_requires_missed_pages_and_a_short_time_out() -> None:
    def result(minutes: int, missed: Figure) -> list[str]:
        return severities("F09", figure("shortest_timeout_min", minutes, policy="aa"), missed)

    sure = figure("missed_page_rate", 0.2, (0.11, 0.3), policy="aa")
    perhaps = figure("missed_page_rate", 0.2, (0.09, 0.3), policy="aa")
    tenth = figure("missed_page_rate", 0.1, (0.09, 0.3), policy="aa")
    assert result(2, sure) == ["Low"]
    assert result(2, perhaps) == ["Info"]
    assert result(2, tenth) == []
    assert result(3, sure) == []


def test_sleep_disturbed_states_at_least_one_person_and_names_only_large_teams() -> None:
    def shares(over_7: float, over_19: float, n: int, team: str | None) -> list[Figure]:
        return [
            figure("out_of_hours_over_7_share", over_7, (over_7, over_7), team=team, n=n),
            figure("out_of_hours_over_19_share", over_19, (0.0, 1.0), team=team, n=n),
        ]

    (one,) = found("F27", *shares(0.1, 0.05, 20, None))
    assert (one.severity, one.note) == ("High", "At least one person.")
    assert found("F27", *shares(0.2, 0.0, 20, None)) == []
    (ten,) = found("F27", *shares(0.5, 0.0, 10, TEAM))
    assert (ten.severity, ten.level, ten.of) == ("Medium", "team", TEAM)
    assert found("F27", *shares(0.5, 0.1, 9, TEAM)) == []


def test_runs_of_broken_nights_are_reported_for_the_account_where_no_team_may_be_named() -> None:
    def runs(weeks: float | None, nights: float | None, team: str | None) -> list[Figure]:
        return [
            figure("disturbed_run_weeks", weeks, team=team),
            figure("disturbed_run_max", nights, team=team),
        ]

    (one,) = found("F28", *runs(2, 3, None), *runs(None, None, TEAM))
    assert (one.severity, one.level, one.of) == ("High", "account", None)
    (two,) = found("F28", *runs(2, 3, None), *runs(2, 3, TEAM))
    assert (two.level, two.of, two.note) == ("team", TEAM, "At least one person.")
    assert found("F28", *runs(1, 3, None)) == []
    assert found("F28", *runs(2, 2, None)) == []


def test_short_rest_is_one_finding_of_the_account_and_one_of_each_team() -> None:
    rests = figure("rest_violations_per_4_weeks", 1.5, (0.5, 3.0))
    share = figure("interrupted_rest_share", 0.4, (0.3, 0.5))
    team = figure("interrupted_rest_share", 0.4, (0.1, 0.7), team=TEAM)
    result = found("F29", rests, share, team)
    assert [(each.severity, each.of) for each in result] == [("Medium", None), ("Low", TEAM)]
    assert result[0].evidence == (share, rests)
    assert all("not legal advice" in each.note for each in result)
