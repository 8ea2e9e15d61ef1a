"""The points behind the charts of incidents."""

from dataclasses import replace
from itertools import pairwise

import pytest

from app.assessment.metrics.incidents.curves import (
    ack_curve,
    open_age_histogram,
    recovery_survival,
)
from app.assessment.metrics.incidents.weekly import weekly_ack_median, weekly_incidents
from tests.factories.rows import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    SECOND,
    WEEK,
    entry,
    facts,
    incident,
    options,
)
from tests.unit.assessment.incidents.lifecycle import acked_after, points


def test_weeks_start_on_monday_and_those_the_window_cuts_say_so() -> None:
    question = replace(
        options(), since=MONDAY - DAY, until=MONDAY + 8 * DAY, as_of=MONDAY + 8 * DAY
    )
    found = facts([incident("a", MONDAY - 1), incident("b", MONDAY), incident("c", MONDAY)])
    assert list(points(weekly_incidents, found, question)) == [
        {"start_us": MONDAY - WEEK, "count": 1, "complete": False},
        {"start_us": MONDAY, "count": 2, "complete": True},
        {"start_us": MONDAY + WEEK, "count": 0, "complete": False},
    ]


def test_a_window_of_whole_weeks_has_only_complete_ones() -> None:
    weeks = points(weekly_incidents, facts(), options(until=MONDAY + 2 * WEEK))
    assert [(week["start_us"], week["complete"]) for week in weeks] == [
        (MONDAY, True),
        (MONDAY + WEEK, True),
    ]


def test_weeks_are_those_of_the_accounts_zone() -> None:
    question = replace(options(), time_zone="Asia/Tokyo")
    weeks = points(weekly_incidents, facts(), question)
    # Monday in Tokyo begins nine hours earlier.
    assert [week["start_us"] for week in weeks] == [MONDAY - 9 * HOUR, MONDAY + WEEK - 9 * HOUR]


def test_the_acknowledgement_curve_leaves_out_an_ack_before_creation() -> None:
    log = [entry("a", "acknowledge", MONDAY + SECOND), entry("b", "acknowledge", MONDAY - SECOND)]
    found = facts([incident("a"), incident("b")], log)
    assert {point["share"] for point in points(ack_curve, found)} == {1}
    assert {point["share"] for point in points(ack_curve, facts())} == {None}


def test_the_acknowledgement_curve_rises_from_ten_seconds_to_seven_days() -> None:
    account = acked_after(10, 3600)
    more = facts([*account.incidents, incident("c"), incident("d")], account.log_entries)
    curve = points(ack_curve, more)
    shares = [float(point["share"] or 0) for point in curve]
    assert (curve[0]["seconds"], curve[-1]["seconds"], len(curve)) == (10, 604_800, 60)
    assert (shares[0], shares[-1]) == (0.25, 0.5)
    assert all(a <= b for a, b in pairwise(shares))


def test_the_recovery_curve_falls_and_ends_with_the_last_observed_time() -> None:
    account = facts([incident("a", resolved=30 * SECOND), incident("b", MONDAY + 6 * DAY)])
    curve = points(recovery_survival, account)
    assert (curve[0]["seconds"], curve[0]["open_share"]) == (60, 0.5)
    followed = [point["seconds"] for point in curve if point["open_share"] is not None]
    assert max(int(seconds or 0) for seconds in followed) <= 86_400
    assert curve[-1]["open_share"] is None


@pytest.mark.parametrize(
    ("age", "place"),
    [(HOUR, 0), (HOUR + 1, 1), (24 * HOUR, 2), (7 * DAY, 3), (7 * DAY + 1, 4), (31 * DAY, 5)],
)
def test_open_incidents_fall_into_the_bin_of_their_age(age: int, place: int) -> None:
    question = options(until=MONDAY + 5 * WEEK)
    bins = points(open_age_histogram, facts([incident("a", question.as_of - age)]), question)
    assert [point["count"] for point in bins] == [int(n == place) for n in range(6)]
    assert [point["up_to_h"] for point in bins] == [1, 6, 24, 168, 720, None]


def test_the_median_of_a_week_without_acknowledgements_is_empty() -> None:
    log = [entry("a", "acknowledge", MONDAY + MINUTE)]
    account = facts([incident("a"), incident("b", MONDAY + WEEK)], log)
    found = points(weekly_ack_median, account, options(until=MONDAY + 2 * WEEK))
    assert [(point["median_s"], point["n"]) for point in found] == [(60, 1), (None, 0)]
