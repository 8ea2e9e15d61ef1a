"""Do a dependent's incidents follow those of what it depends on?"""

import math
from collections.abc import Iterable

import pytest
from scipy import stats

from app.assessment.account import Account
from app.assessment.rows import Incident, LogEntry
from app.assessment.structure.coincidence import Coincidence, coincidences
from tests.factories.configuration_rows import edges, estate
from tests.factories.rows import HOUR, MINUTE, MONDAY, entry, incident, options

WEEK_S = 7 * 86_400


def judged(rows: list[Incident], *pairs: str, log: Iterable[LogEntry] = ()) -> list[Coincidence]:
    found = estate(incidents=rows, dependencies=edges(*pairs), log_entries=log)
    account = Account(found, options())
    return coincidences(account.graph.edges, account.cases, account.options)


def of(service: str, *starts: int, lasts: int = MINUTE) -> list[Incident]:
    return [
        incident(f"{service}{number}", MONDAY + at, resolved=lasts, service=service)
        for number, at in enumerate(starts)
    ]


def every_5_h(number: int, *, after: int = 0) -> list[int]:
    return [HOUR + place * 5 * HOUR + after for place in range(number)]


def test_lift_is_the_matches_over_those_expected_by_chance() -> None:
    rows = of("a", *every_5_h(30)) + of("b", *every_5_h(12, after=10 * MINUTE))
    (found,) = judged(rows, "a>b")
    expected = 12 * (1 - math.exp(-30 / WEEK_S * 1_800))
    assert found.matches == 12
    assert found.expected == pytest.approx(expected)
    assert found.p == pytest.approx(stats.poisson.sf(11, expected))
    assert found.lag_s == 600


def test_a_match_starts_within_half_an_hour_or_while_the_other_is_open() -> None:
    # 30 min after: in; one microsecond later: out; two hours after one that lasts four: in.
    starts = every_5_h(30)
    after = [30 * MINUTE, 30 * MINUTE + 1, -2 * HOUR, 0, 2 * HOUR, 90 * MINUTE]
    late = [start + more for start, more in zip(starts[3:], after, strict=False)]
    rows = of("a", *starts)
    rows[7] = incident("a7", MONDAY + starts[7], resolved=4 * HOUR, service="a")
    (found,) = judged(rows + of("b", *late), "a>b")
    assert found.matches == 3
    assert found.lag_s == 1_800  # of 0, 30 min and 2 h


def test_a_reopened_incident_matches_while_it_is_open_again_and_not_in_between() -> None:
    # The first of a lasts four hours, resolved after one and reopened an hour before its end.
    starts = every_5_h(30)
    first = incident("a0", MONDAY + HOUR, resolved=4 * HOUR, service="a")
    log = [
        entry("a0", kind, MONDAY + hour * HOUR)
        for kind, hour in (("trigger", 1), ("resolve", 2), ("reopen", 4), ("resolve", 5))
    ]
    others = of("a", *starts)[1:]
    after = [start + 4 * HOUR + 30 * MINUTE for start in starts[1:12]]
    for moment, matches in ((3 * HOUR, 0), (4 * HOUR + 10 * MINUTE, 1)):
        (found,) = judged([first, *others, *of("b", moment, *after)], "a>b", log=log)
        assert found.matches == matches


def test_of_several_open_incidents_the_latest_gives_the_lag() -> None:
    starts = every_5_h(30)
    rows = of("a", *starts)
    rows[2] = incident("a2", MONDAY + starts[2], resolved=60 * HOUR, service="a")
    rows[4] = incident("a4", MONDAY + starts[4], resolved=4 * HOUR, service="a")
    others = [starts[5] - 2 * HOUR, starts[6] - 2 * HOUR]  # 3 h after a4; 18 h after a2
    (found,) = judged(rows + of("b", *others, *[100 * HOUR + n for n in range(5)]), "a>b")
    assert found.matches == 2
    assert found.lag_s == pytest.approx((3 + 18) * 3_600 / 2)


def test_a_dependent_that_fails_first_is_reported() -> None:
    starts = every_5_h(30)
    before = [start - 5 * MINUTE for start in starts[:4]]
    after = [start + 5 * MINUTE for start in starts[4:8]]
    (found,) = judged(of("a", *starts) + of("b", *before, *after, starts[9]), "a>b")
    assert (found.near, found.not_after) == (9, 5)
    assert found.matches == 5


def test_too_few_incidents_are_not_judged() -> None:
    assert judged(of("a", *every_5_h(30)) + of("b", *every_5_h(4)), "a>b") == []
    assert judged(of("a", *every_5_h(3)) + of("b", *every_5_h(5)), "a>b") == []
    assert judged([], "a>b") == []


def test_incidents_inside_a_storm_are_left_out() -> None:
    rows = of("a", *every_5_h(30)) + of("b", *every_5_h(8, after=10 * MINUTE))
    storm = of("c", *(HOUR + 10 * MINUTE + n for n in range(9)))
    (calm,) = judged(rows, "a>b")
    (stormy,) = judged(rows + storm, "a>b")
    assert (calm.incidents, calm.matches) == (8, 8)
    assert (stormy.incidents, stormy.matches) == (7, 7)


def test_p_is_adjusted_for_every_edge_that_is_judged() -> None:
    rows = of("a", *every_5_h(30)) + of("b", *every_5_h(12, after=10 * MINUTE))
    alone = judged(rows, "a>b")[0].p
    pair = {each.edge: each.p for each in judged(rows, "a>b", "b>a", "a>c")}
    assert len(pair) == 2
    assert min(pair.values()) == pytest.approx(2 * alone)
