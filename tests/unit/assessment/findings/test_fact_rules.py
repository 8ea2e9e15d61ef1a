"""Rules over facts of the configuration, of coverage and of counts: exact at their borders."""

from dataclasses import replace

import pytest

from app.assessment.figures import Figure
from tests.factories.rows import DAY, MONDAY, options
from tests.unit.assessment.findings.finding_figures import (
    LONG,
    OTHER,
    POLICY,
    ROTA,
    SERVICE,
    TEAM,
    all_findings,
    figure,
    found,
    served,
    severities,
)

BEHIND = {SERVICE: POLICY}


def of_policy(measure: str, value: float | None, key: str | None = None) -> Figure:
    return figure(measure, value, policy=POLICY, key=key)


@pytest.mark.parametrize(
    ("people", "uncovered_h", "expected"),
    [
        (3, 0.0, []),
        (3, 0.1, ["High"]),
        (3, 1.0, ["High"]),
        (3, 1.01, ["Critical"]),
        (0, 168.0, ["Critical"]),
        (0, None, ["Critical"]),
        (None, 2.0, ["Critical"]),
    ],
)
def test_a_policy_that_reaches_nobody_is_found(
    people: int | None, uncovered_h: float | None, expected: list[str]
) -> None:
    figures = [
        of_policy("reachable_people", people),
        of_policy("policy_uncovered_h", uncovered_h),
    ]
    assert severities("F01", *figures, *served()) == expected
    assert severities("F01", *figures, *served(0)) == []


@pytest.mark.parametrize(
    ("people", "single", "pair"),
    [(0, [], []), (1, ["High"], []), (2, [], ["Medium"]), (3, [], [])],
)
def test_a_policy_that_reaches_one_person_or_two_is_found(
    people: int, single: list[str], pair: list[str]
) -> None:
    figures = [of_policy("reachable_people", people), *served()]
    assert severities("F02", *figures) == single
    assert severities("F03", *figures) == pair


def test_one_person_behind_a_critical_service_is_critical() -> None:
    one = of_policy("reachable_people", 1)
    result = severities("F02", one, *served(), critical=[SERVICE], policy_of=BEHIND)
    assert result == ["Critical"]
    assert severities("F02", one, *served(), critical=[OTHER], policy_of=BEHIND) == ["High"]


@pytest.mark.parametrize(
    ("levels", "urgent", "expected"), [(1, 1, ["High"]), (1, 0, ["Medium"]), (2, 1, [])]
)
def test_a_policy_of_one_level_is_found(levels: int, urgent: int, expected: list[str]) -> None:
    behind = served(1, urgent)
    assert severities("F04", of_policy("unique_levels", levels), *behind) == expected


def test_two_tiers_weigh_only_behind_a_critical_service() -> None:
    for levels, critical, expected in [(2, [SERVICE], ["Low"]), (2, [], []), (3, [SERVICE], [])]:
        tiers = of_policy("unique_levels", levels)
        result = severities("F05", tiers, *served(), critical=critical, policy_of=BEHIND)
        assert result == expected


@pytest.mark.parametrize(
    ("named", "first", "only", "expected"),
    [(1, 0, 0, ["Low"]), (1, 1, 0, ["Medium"]), (1, 1, 1, ["Medium"]), (0, 0, 0, [])],
)
def test_a_level_with_a_person_instead_of_a_schedule_is_found(
    named: int, first: int, only: int, expected: list[str]
) -> None:
    figures = [
        of_policy("policies_with_direct_user", named),
        of_policy("policies_with_direct_user_first", first),
        of_policy("policies_only_users", only),
    ]
    assert severities("F06", *figures) == expected


def test_the_backup_is_the_same_person_above_a_twentieth_of_the_window() -> None:
    assert severities("F07", of_policy("same_person_simultaneous_share", 0.05)) == []
    assert severities("F07", of_policy("same_person_simultaneous_share", 0.0501)) == ["High"]


@pytest.mark.parametrize(
    ("minutes", "expected"), [(15, []), (16, ["Medium"]), (30, ["Medium"]), (31, ["High"])]
)
def test_a_policy_that_escalates_slowly_is_found(minutes: int, expected: list[str]) -> None:
    slow = of_policy("longest_timeout_min", minutes)
    assert severities("F08", slow, *served()) == expected
    assert severities("F08", slow, *served(1, 0)) == []


def test_slow_and_hasty_use_the_bounds_of_the_options() -> None:
    question = replace(LONG, long_timeout_min=20, short_timeout_min=5)
    slow = of_policy("longest_timeout_min", 18)
    hasty = [
        of_policy("shortest_timeout_min", 4),
        figure("missed_page_rate", 0.2, (0.15, 0.3), policy=POLICY),
    ]
    assert found("F08", slow, *served(), question=question) == []
    assert len(found("F09", *hasty, question=question)) == 1


@pytest.mark.parametrize(
    ("loops", "exhausted", "expected"),
    [(0, 0, ["Low"]), (0, None, ["Low"]), (0, 1, ["Medium"]), (1, 1, [])],
)
def test_a_policy_that_never_repeats(
    loops: int, exhausted: int | None, expected: list[str]
) -> None:
    figures = [of_policy("loops", loops), of_policy("exhausted_incidents", exhausted)]
    assert severities("F10", *figures, *served()) == expected
    assert severities("F10", *figures, *served(1, 0)) == []


@pytest.mark.parametrize(
    ("empty", "uncovered", "expected"),
    [
        ([0, 0], [0, 0], []),
        ([1, 0], [1, 0], ["High"]),
        ([0, 1], [0, 1], ["Medium"]),
        ([1, 1], [1, 1], ["High"]),
        ([0, 0], [0, 1], ["Medium"]),
        ([0, 0], [1, 0], []),  # gaps of level 1 are F13
        ([None, None], [None, None], []),
    ],
)
def test_a_level_without_anybody_is_found(
    empty: list[int | None], uncovered: list[int | None], expected: list[str]
) -> None:
    whole = of_policy("policies_with_empty_level", any(empty))
    keyed = [
        of_policy(measure, value, key=f"L{number}")
        for measure, values in (("empty_levels", empty), ("uncovered_levels", uncovered))
        for number, value in enumerate(values, start=1)
    ]
    assert severities("F11", whole, *keyed) == expected


def test_dead_configuration_from_a_fifth_on_of_policies_or_schedules() -> None:
    policies, schedules = "unused_policies_share", "unused_schedules_share"
    assert severities("F12", figure(policies, 0.19), figure(schedules, 0.19)) == []
    assert severities("F12", figure(policies, 0.2), figure(schedules, 0.0)) == ["Low"]
    (hit,) = found("F12", figure(policies, 0.3), figure(schedules, 0.2))
    assert [each.measure for each in hit.evidence] == [policies, schedules]


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.01, []), (0.0101, ["Medium"]), (0.05, ["Medium"]), (0.0501, ["High"])],
)
def test_a_gap_on_level_one_is_found(share: float, expected: list[str]) -> None:
    gap = of_policy("policy_l1_uncovered_share", share)
    assert severities("F13", gap, *served()) == expected
    assert severities("F13", gap, *served(0)) == []


def test_a_future_gap_of_any_length_is_high() -> None:
    assert severities("F14", of_policy("upcoming_uncovered_h", 0.25), *served()) == ["High"]
    assert severities("F14", of_policy("upcoming_uncovered_h", 0.0), *served()) == []
    assert severities("F14", of_policy("upcoming_uncovered_h", None), *served()) == []


@pytest.mark.parametrize(
    ("chains", "majors", "expected"),
    [
        (0, 0, []),
        (1, 0, ["High"]),
        (2, None, ["High"]),
        (3, 0, ["Critical"]),
        (1, 1, ["Critical"]),
    ],
)
def test_exhausted_policies_are_found(chains: int, majors: int | None, expected: list[str]) -> None:
    figures = [
        figure("high_urgency_exhausted_incidents", chains),
        figure("high_urgency_exhausted_major_incidents", majors),
    ]
    assert severities("F16", *figures) == expected


LONE = [*served(), figure("reachable_people", 1, policy=POLICY)]
UNREPEATED = [*served(), figure("loops", 0, policy=POLICY)]
SPENT = figure("high_urgency_exhausted_incidents", 1)


@pytest.mark.parametrize(
    ("rule", "severity", "figures", "missing"),
    [
        ("F02", "High", LONE, "technical_dependencies"),
        ("F10", "Low", UNREPEATED, "log_entries"),
        ("F16", "High", [SPENT], "priorities"),
        ("F41", "Low", [figure("cycles", 1)], "incidents"),
    ],
)
def test_a_finding_that_might_be_more_severe_says_what_is_missing_to_tell(
    rule: str, severity: str, figures: list[Figure], missing: str
) -> None:
    def found_without(*resources: str) -> tuple[str, str]:
        every = all_findings(figures, missing=resources)
        return next((each.severity, each.note) for each in every if each.id == rule)

    assert found_without() == (severity, "")
    judged, note = found_without(missing)
    assert judged == severity
    assert note.startswith("Whether it is more severe cannot be told")
    assert missing.replace("_", " ") in note


def test_a_finding_that_cannot_be_more_severe_says_nothing_of_that() -> None:
    three = figure("high_urgency_exhausted_incidents", 3)
    notes = [each.note for each in all_findings([three], missing=["priorities"])]
    assert notes == [""]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3_599, "within an hour"),
        (3_600, "within a day"),
        (86_400, "within a week"),
        (604_800, "longer than a week"),
    ],
)
def test_recovery_is_reported_by_its_band(seconds: float, words: str) -> None:
    (hit,) = found("F21", figure("ttr_dora_median_s", seconds), figure("rmst_s", 60.0))
    assert hit.severity == "Info"
    assert words in hit.note
    assert [each.id for each in hit.evidence] == ["INC-08", "INC-09"]


@pytest.mark.parametrize(
    ("whole", "high", "expected"),
    [(10, 0, []), (11, 0, ["Medium"]), (1, 1, ["Medium"]), (0, 0, [])],
)
def test_a_backlog_of_open_incidents_is_found(whole: int, high: int, expected: list[str]) -> None:
    figures = [figure("stale_count", whole), figure("high_urgency_stale_count", high)]
    assert severities("F22", *figures) == expected


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, []), (0.05, ["Medium"]), (0.5, ["Medium"]), (0.55, ["High"])]
)
def test_people_with_too_much_time_on_call_are_found(share: float, expected: list[str]) -> None:
    assert severities("F23", figure("people_over_quarter_share", share, (0.0, 1.0))) == expected


def rota(size: int | None, covered: float = 1.0, *sites: Figure) -> list[Figure]:
    return [
        figure("rotation_size", size, schedule=ROTA),
        figure("schedule_covered_share", covered, schedule=ROTA),
        *sites,
    ]


@pytest.mark.parametrize(
    ("size", "expected"),
    [(8, []), (7, ["Medium"]), (4, ["Medium"]), (3, ["High"]), (0, []), (None, [])],
)
def test_a_rota_around_the_clock_needs_eight_people(size: int | None, expected: list[str]) -> None:
    assert severities("F24", *rota(size)) == expected
    assert severities("F24", *rota(size, 0.94)) == []


@pytest.mark.parametrize(
    ("sites", "smallest", "withheld", "expected"),
    [
        (2, 6, None, []),
        (2, 5, None, ["Medium"]),
        (2, None, "PRIV-5", ["Medium"]),  # published as fewer than five
        (2, None, "PRIV-1", []),
        (1, 5, None, []),
        (None, None, "PRIV-1", []),
    ],
)
def test_a_rota_on_several_sites_needs_six_people_on_each(
    sites: int | None, smallest: int | None, withheld: str | None, expected: list[str]
) -> None:
    result = rota(
        12,
        1.0,
        figure("rotation_sites", sites, schedule=ROTA),
        figure("rotation_smallest_site", smallest, schedule=ROTA, withheld=withheld),
    )
    assert severities("F24", *result) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [(7, []), (7.01, ["Low"]), (14, ["Low"]), (14.01, ["High"])],
)
def test_long_duty_is_of_at_least_one_person(days: float, expected: list[str]) -> None:
    result = found("F30", figure("longest_block_d", days))
    assert [each.severity for each in result] == expected
    assert all(each.note == "At least one person." for each in result)


def test_a_concentrated_policy_needs_more_than_ten_services() -> None:
    assert severities("F39", figure("top_policy_share", 0.41, n=11)) == ["Medium"]
    assert severities("F39", figure("top_policy_share", 0.40, n=11)) == []
    assert severities("F39", figure("top_policy_share", 0.41, n=10)) == []


@pytest.mark.parametrize(
    "weak",
    [
        of_policy("reachable_people", 1),
        of_policy("unique_levels", 1),
        of_policy("longest_timeout_min", 16),
        of_policy("policy_l1_uncovered_share", 0.02),
    ],
)
def test_a_critical_service_lists_the_weaknesses_behind_it(weak: Figure) -> None:
    rank = figure("criticality_rank", 1, service=SERVICE)
    result = found("F40", weak, rank, *served(), critical=[SERVICE], policy_of=BEHIND)
    (hit,) = result
    assert (hit.severity, hit.level, hit.of) == ("Critical", "service", SERVICE)
    assert hit.evidence[0] == weak
    assert rank in hit.evidence
    assert found("F40", weak, rank, *served(), policy_of=BEHIND) == []


def test_a_critical_service_that_is_well_covered_is_no_finding() -> None:
    fine = [of_policy("reachable_people", 3), of_policy("unique_levels", 2)]
    assert found("F40", *fine, *served(), critical=[SERVICE], policy_of=BEHIND) == []


def edge(lift: float, p: float, interval: tuple[float, float], early: float = 0.0) -> list[Figure]:
    key = f"{SERVICE}>{OTHER}"
    return [
        figure("edge_lift", lift, interval, key=key),
        figure("edge_p", p, key=key),
        figure("edge_not_after_share", early, (early, early), key=key),
    ]


@pytest.mark.parametrize(
    ("figures", "cycles", "expected"),
    [
        ([], {SERVICE: 0, OTHER: 0}, ["Low"]),
        (edge(3.1, 0.009, (2.0, 5.0)), {SERVICE: 0, OTHER: 0}, ["Medium"]),
        (edge(3.0, 0.009, (2.0, 5.0)), {SERVICE: 0, OTHER: 0}, ["Low"]),
        (edge(3.1, 0.01, (2.0, 5.0)), {SERVICE: 0, OTHER: 0}, ["Low"]),
        (edge(3.1, 0.009, (2.0, 5.0)), {SERVICE: 0, OTHER: 1}, ["Low"]),
        (edge(3.1, 0.009, (2.0, 5.0)), {SERVICE: 0}, ["Low"]),
    ],
)
def test_a_cycle_is_worse_if_its_members_alert_together(
    figures: list[Figure], cycles: dict[str, int], expected: list[str]
) -> None:
    result = [
        each.severity for each in found("F41", figure("cycles", 1), *figures, cycle_of=cycles)
    ]
    assert result == expected
    assert found("F41", figure("cycles", 0), *figures, cycle_of=cycles) == []


def test_a_missing_map_is_more_than_half_of_the_services() -> None:
    assert severities("F42", figure("unmapped_services_share", 0.51)) == ["Low"]
    assert severities("F42", figure("unmapped_services_share", 0.5)) == []


@pytest.mark.parametrize(
    ("lift", "p", "interval", "early", "expected"),
    [
        (4.0, 0.001, (3.1, 5.0), 0.31, ["Low"]),
        (4.0, 0.001, (2.9, 5.0), 0.31, ["Info"]),
        (4.0, 0.001, (3.1, 5.0), 0.30, []),
        (3.0, 0.001, (3.1, 5.0), 0.31, []),
        (4.0, 0.010, (3.1, 5.0), 0.31, []),
    ],
)
def test_a_dependent_service_that_pages_first_is_found(
    lift: float, p: float, interval: tuple[float, float], early: float, expected: list[str]
) -> None:
    assert severities("F43", *edge(lift, p, interval, early)) == expected


@pytest.mark.parametrize("name", ["incidents", "tta_median", "transient_share"])
def test_a_worsening_trend_is_any_signal_upwards(name: str) -> None:
    assert severities("F46", figure(f"weekly_{name}_signals_up", 1)) == ["Medium"]
    assert severities("F46", figure(f"weekly_{name}_signals_up", 0)) == []


def test_ownership_is_missing_above_a_tenth() -> None:
    services, policies = "unowned_services_share", "unowned_policies_share"
    assert severities("F48", figure(services, 0.1), figure(policies, 0.1)) == []
    assert severities("F48", figure(services, 0.11), figure(policies, 0.1)) == ["Medium"]
    assert severities("F48", figure(services, 0.1), figure(policies, 0.11)) == ["Medium"]


ENOUGH = (
    figure("log_completeness", 0.9),
    figure("fetch_problem_count", 0),
    figure("incident_count", 30),
)


@pytest.mark.parametrize(
    "thin",
    [
        figure("log_completeness", 0.8999),
        figure("fetch_problem_count", 1),
        figure("incident_count", 29),
    ],
)
def test_thin_data_is_for_information_and_takes_the_trust_out_of_everything(
    thin: Figure,
) -> None:
    zones = figure("schedule_zone_share", 1.0)
    slow = figure("high_urgency_tta_median_s", 400.0, (350.0, 500.0))
    result = all_findings([*ENOUGH, slow, zones])
    assert [(each.id, each.confidence) for each in result] == [("F18", "High")]
    others = [each for each in ENOUGH if each.measure != thin.measure]
    result = all_findings([*others, thin, slow, zones])
    assert [(each.id, each.severity) for each in result] == [("F18", "Medium"), ("F47", "Info")]
    assert {each.confidence for each in result} == {"Low"}


def test_a_window_under_thirty_days_is_too_thin() -> None:
    month = options(until=MONDAY + 30 * DAY)
    assert found("F47", *ENOUGH, question=month) == []
    shorter = options(until=MONDAY + 30 * DAY - 1)
    assert [each.severity for each in found("F47", *ENOUGH, question=shorter)] == ["Info"]


def test_findings_come_by_severity_then_by_id_and_place() -> None:
    result = all_findings(
        [
            figure("reachable_people", 0, policy="ab"),
            figure("reachable_people", 0, policy="aa"),
            *served(policy="aa"),
            *served(policy="ab"),
            figure("unused_policies_share", 0.5),
            figure("change_visibility", 0.1, (0.1, 0.1)),
            figure("interrupted_rest_share", 0.5, team=TEAM),
            *ENOUGH,
        ]
    )
    order = [(each.severity, each.id, each.of) for each in result]
    assert order == [
        ("Critical", "F01", "aa"),
        ("Critical", "F01", "ab"),
        ("Medium", "F29", TEAM),
        ("Low", "F12", None),
        ("Info", "F45", None),
    ]
