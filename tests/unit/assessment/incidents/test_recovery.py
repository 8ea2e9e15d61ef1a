"""INC-07 to INC-09: how long incidents last, and what open ones still say."""

from dataclasses import replace

import pytest

from app.assessment.rows import Facts
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
from tests.unit.assessment.incidents.lifecycle import figures, values

DAY_LATER = options(until=MONDAY + DAY)


def lasting(*seconds: int, still_open: tuple[int, ...] = ()) -> Facts:
    """Resolved after so many seconds, and still open for so many at the end of the day."""
    done = [incident(f"d{n}", resolved=s * SECOND) for n, s in enumerate(seconds)]
    more = [incident(f"o{n}", MONDAY + DAY - s * SECOND) for n, s in enumerate(still_open)]
    return facts([*done, *more])


def test_open_incidents_count_for_as_long_as_they_were_seen() -> None:
    question = replace(DAY_LATER, rmst_tau_s=14_400)
    found = figures(lasting(240, 1800, 3600, 7200, still_open=(14_400, 43_200)), question)
    # 5/6, 4/6, 3/6 and 2/6 are left after each: half at 3,600 s.
    assert (found["km_median_s"].value, found["km_median_s"].n) == (3600, 6)
    # 240 + 1560 * 5/6 + 1800 * 4/6 + 3600 * 3/6 + 7200 * 2/6
    assert found["rmst_s"].value == pytest.approx(6940)
    assert found["rmst_horizon_s"].value == 14_400
    interval = found["rmst_s"].interval
    assert interval is not None
    assert interval[0] < 6940 < interval[1] <= 14_400


def test_there_is_no_median_while_most_are_open() -> None:
    found = figures(lasting(600, still_open=(3600, 7200)), DAY_LATER)
    assert found["km_median_s"].value is None
    assert found["km_median_s"].n == 3


def test_the_horizon_is_no_longer_than_anything_was_followed() -> None:
    found = values(lasting(600, 1200), DAY_LATER)
    assert found["rmst_horizon_s"] == 1200
    assert found["rmst_s"] == 900  # both open for 600 s, one of them for 600 s more


def test_merged_excluded_and_impossible_incidents_are_outside() -> None:
    account = facts(
        [
            incident("a", resolved=600 * SECOND),
            incident("merged", resolved=10 * SECOND, merged=True),
            incident("low", resolved=10 * SECOND, urgency="low"),
            incident("early", resolved=-10 * SECOND),
            incident("untimed", status="resolved"),
        ]
    )
    found = figures(account, DAY_LATER)
    assert (found["km_median_s"].value, found["km_median_s"].n) == (600, 1)


def test_without_incidents_there_is_no_recovery() -> None:
    found = figures(facts())
    for name in ("km_median_s", "rmst_s", "rmst_horizon_s", "ttr_median_without_transient_s"):
        assert (found[name].value, found[name].interval) == (None, None)


def test_the_median_without_transients_is_the_longer_one() -> None:
    quick = [incident(f"q{n}", resolved=MINUTE) for n in range(3)]
    log = [
        entry(f"q{n}", "resolve", MONDAY + MINUTE, agent="service", channel="api") for n in range(3)
    ]
    slow = [incident("s0", resolved=HOUR), incident("s1", resolved=3 * HOUR)]
    log.append(entry("s0", "resolve", MONDAY + HOUR))
    found = figures(facts([*quick, *slow], log))
    assert found["ttr_all_median_s"].value == 60
    assert found["ttr_median_without_transient_s"].value == 7200
    assert found["ttr_median_without_transient_s"].n == 2


def test_recovery_is_followed_week_by_week() -> None:
    account = facts([incident("a", resolved=HOUR), incident("b", MONDAY + WEEK, resolved=MINUTE)])
    found = values(account, options(until=MONDAY + 2 * WEEK))
    assert found["week:2024-W01/ttr_dora_median_s"] == 3600
    assert found["week:2024-W02/ttr_dora_median_s"] == 60
