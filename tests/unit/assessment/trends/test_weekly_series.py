"""Weekly figures against their own variation, and where they moved."""

import pytest
from scipy.stats import beta

from app.assessment.account import Account
from app.assessment.figures import Figure
from app.assessment.metrics.trends import METRICS, SERIES
from app.assessment.rows import Facts
from app.assessment.series import Drawn
from tests.factories.resolved_incidents import Handled, account, handled
from tests.factories.rows import DAY, HOUR, MINUTE, MONDAY, SECOND, WEEK, facts, family, options


def weeks_of(*counts: int) -> Facts:
    """So many incidents in each week, a minute apart; each acked after its week in minutes."""
    cases: list[Handled] = []
    for week, number in enumerate(counts):
        for n in range(number):
            at = MONDAY + week * WEEK + n * MINUTE
            cases.append(handled(f"{week}.{n}", at, acked=(week + 1) * MINUTE))
    return account(cases)


def trend(rows: Facts, weeks: int) -> dict[str, Figure]:
    return family(METRICS, rows, options(MONDAY + weeks * WEEK))


def chart(name: str, rows: Facts, weeks: int) -> Drawn:
    (series,) = [each for each in SERIES if each.name == name]
    return series.compute(Account(rows, options(MONDAY + weeks * WEEK)))


EIGHT = (4, 6, 4, 6, 4, 6, 4, 20)
"""Mean 54 / 8 = 6.75; moving ranges 6 times 2 and 16, mean 4: 6.75 + 2.66 * 4 = 17.39."""


def test_a_week_above_the_limit_is_a_signal() -> None:
    found = trend(weeks_of(*EIGHT), 8)
    assert found["weekly_incidents_mean"].value == 6.75
    assert found["weekly_incidents_upper"].value == pytest.approx(17.39)
    assert found["weekly_incidents_lower"].value == 0
    assert found["weekly_incidents_signals"].value == 1
    assert found["weekly_incidents_signals_up"].value == 1
    assert found["service:service/weekly_incidents_signals"].value == 1


def test_the_chart_marks_the_week() -> None:
    points = chart("weekly_xmr_incidents", weeks_of(*EIGHT), 8).points
    assert [point["value"] for point in points] == list(EIGHT)
    assert [point["signal"] for point in points] == [False] * 7 + [True]
    assert points[7]["week"] == "2024-W08"
    assert points[7]["start_us"] == MONDAY + 7 * WEEK
    assert points[0]["upper"] == pytest.approx(17.39)


def test_a_fall_is_a_signal_but_none_upwards() -> None:
    """Mean 180 / 9 = 20; moving ranges 7 times 0 and 18: mean 2.25, lower 22 - 5.985."""
    found = trend(weeks_of(*[22] * 8, 4), 9)
    assert found["weekly_incidents_lower"].value == pytest.approx(20 - 2.66 * 2.25)
    assert found["weekly_incidents_signals"].value == 9
    assert found["weekly_incidents_signals_up"].value == 8


def test_seven_weeks_are_a_line_without_limits() -> None:
    rows = weeks_of(*EIGHT[:7])
    found = trend(rows, 7)["weekly_incidents_mean"]
    assert (found.value, found.n) == (None, 7)
    points = chart("weekly_xmr_incidents", rows, 7).points
    assert len(points) == 7
    assert points[0]["upper"] is None


def test_weeks_that_the_window_cuts_are_dropped() -> None:
    question = options(MONDAY + 8 * WEEK + 6 * DAY)
    found = family(METRICS, weeks_of(*EIGHT, 50), question)
    assert found["weekly_incidents_mean"].n == 8


def test_a_week_without_an_ack_has_no_median_and_is_left_out() -> None:
    """Weeks 1 to 4 and 6 to 9 have medians of 1 to 4 and 6 to 9 minutes: 40 / 8 = 5."""
    found = trend(weeks_of(3, 3, 3, 3, 0, 3, 3, 3, 3), 9)
    assert found["weekly_tta_median_mean"].value == 300
    assert found["weekly_tta_median_mean"].n == 8
    assert found["weekly_incidents_mean"].n == 9


def test_the_transient_share_is_followed_week_by_week() -> None:
    """Every other week one of two: 0 and 1/2 by turns."""
    cases = [
        handled(f"{week}.{n}", MONDAY + week * WEEK + n * HOUR, lasts)
        for week in range(8)
        for n, lasts in enumerate([HOUR, MINUTE if week % 2 else HOUR])
    ]
    found = trend(account(cases), 8)
    assert found["weekly_transient_share_mean"].value == 0.25
    assert found["weekly_transient_share_upper"].value == pytest.approx(0.25 + 2.66 * 0.5)
    assert found["weekly_transient_share_signals"].value == 0


def test_a_shift_is_found_and_its_week_named() -> None:
    found = trend(weeks_of(*[2] * 6, *[10] * 6), 12)
    assert found["change_point/2024-W07"].value == 8
    p = found["change_point_p"].value
    assert p is not None
    assert 0.001 <= p < 0.01


def test_ordinary_weeks_have_no_shift_and_eleven_are_too_few() -> None:
    ordinary = trend(weeks_of(*[4, 6] * 6), 12)
    p = ordinary["change_point_p"].value
    assert p is not None
    assert p > 0.5
    assert not [name for name in ordinary if name.startswith("change_point/")]
    few = trend(weeks_of(*[2] * 6, *[10] * 5), 11)
    assert few["change_point_p"].value is None
    assert not [name for name in few if name.startswith("change_point/")]


def test_four_incidents_show_no_shift() -> None:
    assert trend(weeks_of(*[0] * 11, 4), 12)["change_point_p"].value is None


def test_the_last_week_is_compared_with_the_one_before_and_with_eight() -> None:
    """20 after 4; the median of 5, 4, 6, 4, 6, 4, 6, 4 is 4.5."""
    found = trend(weeks_of(5, *EIGHT), 9)
    week = found["week_over_week"]
    assert week.value == 5
    low, high = beta.ppf(0.025, 20, 5), beta.ppf(0.975, 21, 4)
    assert week.interval == pytest.approx((low / (1 - low), high / (1 - high)))
    assert found["week_over_median"].value == pytest.approx(20 / 4.5)


def test_two_small_weeks_make_no_ratio() -> None:
    found = trend(weeks_of(4, 4), 2)
    assert found["week_over_week"].value is None
    assert found["week_over_week"].n == 8
    assert found["week_over_median"].value is None


def test_after_a_week_without_incidents_there_is_no_ratio() -> None:
    assert trend(weeks_of(0, 9), 2)["week_over_week"].value is None
    assert trend(weeks_of(9, 0), 2)["week_over_week"].value == 0


def test_without_a_whole_week_there_is_no_figure() -> None:
    found = family(METRICS, facts(), options(MONDAY + SECOND))
    assert {figure.value for figure in found.values()} == {None}
