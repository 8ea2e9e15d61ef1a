"""The first half of the window against the second."""

import pytest

from app.assessment.metrics.trends import METRICS
from app.assessment.statistics import newcombe
from tests.factories.resolved_incidents import Handled, account, handled
from tests.factories.rows import HOUR, MINUTE, MONDAY, WEEK, facts, family, options


def week(number: int, *minutes: int | None) -> list[Handled]:
    """Incidents of one week, acked after so many minutes; automation resolves each a minute on."""
    found = []
    for n, acked in enumerate(minutes):
        at = MONDAY + number * WEEK + n * HOUR
        ack = None if acked is None else acked * MINUTE
        found.append(handled(f"{number}.{n}", at, (ack or 0) + MINUTE, acked=ack))
    return found


CASES = [
    *week(0, 90, 90, 90, 90, 90),
    *week(1, 1, 3),
    *week(2, 5, None),
    *week(3, 4, 6),
    *week(4, 8, 10, 12),
]
"""Of five weeks the first is left out: 1, 3, 5 and none against 4, 6, 8, 10, 12."""
FOUND = family(METRICS, account(CASES), options(MONDAY + 5 * WEEK))


def test_medians_of_both_halves_and_their_order() -> None:
    """Of 15 pairs the second is larger in 14; only 5 against 4 is smaller."""
    assert FOUND["halves_tta_median_s/first"].value == 180
    assert FOUND["halves_tta_median_s/second"].value == 480
    assert FOUND["halves_tta_delta"].value == pytest.approx(13 / 15)


def test_recovery_is_compared_in_the_same_way() -> None:
    """1, 2, 4, 6 minutes against 5, 7, 9, 11, 13: of 20 pairs 19 are larger."""
    assert FOUND["halves_ttr_dora_median_s/first"].value == 180
    assert FOUND["halves_ttr_dora_median_s/second"].value == 540
    assert FOUND["halves_ttr_dora_delta"].value == pytest.approx(18 / 20)


def test_numbers_are_compared_as_rates_and_shares_as_differences() -> None:
    assert FOUND["halves_incident_ratio"].value == 5 / 4
    acked = FOUND["halves_ack_rate_difference"]
    assert acked.value == 1 / 4
    assert acked.interval == newcombe(3, 4, 5, 5)
    assert acked.n == 4
    assert FOUND["halves_transient_difference"].value == pytest.approx(0 - 3 / 4)


def test_one_week_has_no_halves() -> None:
    found = family(METRICS, account(week(0, 1, 2)), options())
    halves = {name: figure for name, figure in found.items() if name.startswith("halves")}
    assert {figure.value for figure in halves.values()} == {None}
    empty = family(METRICS, facts(), options(MONDAY + 4 * WEEK))
    assert empty["halves_ack_rate_difference"].value is None
