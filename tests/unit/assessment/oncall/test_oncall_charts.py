"""The charts of the on-call family have the numbers of the figures."""

import pytest

from app.assessment.account import Account
from app.assessment.metrics.oncall import SERIES
from app.assessment.rows import Facts
from app.assessment.series import Drawn
from tests.factories.rows import MONDAY, WEEK, options, rule
from tests.unit.assessment.oncall.rotas import on, rota

TWO_WEEKS = options(until=MONDAY + 2 * WEEK)
LEVELS = (rule(1, "rota1"), rule(2, "rota2"))


def drawn(name: str, found: Facts) -> Drawn:
    (question,) = (each for each in SERIES if each.name == name)
    return question.compute(Account(found, TWO_WEEKS))


def test_cover_by_week() -> None:
    shifts = (on("ann", 0, 168, "rota1"), on("bob", 168, 210, "rota1"), on("cat", 0, 252, "rota2"))
    assert drawn("weekly_coverage", rota(*shifts, rules=LEVELS)).points == [
        {"start_us": MONDAY, "l1_share": 1, "any_share": 1},
        {"start_us": MONDAY + WEEK, "l1_share": 0.25, "any_share": 0.5},
    ]


def test_gaps_by_hour_of_the_week() -> None:
    # Free: Monday 10:00 to 11:30 of the first week, Monday 11:00 to 12:00 of the second.
    shifts = (on("a", 0, 10, "rota1"), on("a", 11.5, 179, "rota1"), on("a", 180, 336, "rota1"))
    points = drawn("level1_gap_hours", rota(*shifts, rules=LEVELS, rosters=LISTED)).points
    assert len(points) == 168
    assert {p["cell"]: p["hours"] for p in points if p["hours"]} == {
        "1-10": pytest.approx(1),
        "1-11": pytest.approx(1.5),
    }


LISTED: dict[str, list[str]] = {"rota1": [], "rota2": []}


def test_the_lorenz_curve_of_two_people() -> None:
    found = drawn("duty_lorenz", rota(on("ann", 0, 30), on("bob", 30, 40)))
    assert found.people == 2
    assert [found.points[tenth]["hours_share"] for tenth in (0, 5, 10)] == pytest.approx(
        [0, 0.25, 1]
    )


def test_people_by_their_share_of_time() -> None:
    # 84 of 336 hours are a quarter, 33.6 a tenth, none is none.
    account = rota(on("ann", 0, 84), on("bob", 84, 117.6), rosters={"rota": ["cat", "dan"]})
    found = drawn("duty_shares", account)
    assert found.people == 4
    assert {p["from_share"]: p["people_share"] for p in found.points if p["people_share"]} == {
        0.0: 0.5,
        0.1: 0.25,
        0.25: 0.25,
    }


def test_the_next_two_weeks_day_by_day() -> None:
    shifts = (
        on("ann", 0, 350, "rota1"),
        on("bob", 350, 400, "rota1"),
        on("ann", 412, 900, "rota1"),
    )
    points = drawn("upcoming_days", rota(*shifts, rules=LEVELS, rosters=LISTED)).points
    assert [point["day"] for point in points] == list(range(1, 15))
    # The snapshot is at 336 hours: 350 is on day 1, 400 to 412 on days 3 and 4.
    assert [p["day"] for p in points if p["handoffs"]] == [1]
    assert {p["day"]: p["uncovered_h"] for p in points if p["uncovered_h"]} == {3: 8, 4: 4}
    assert drawn("upcoming_days", rota(rules=LEVELS, rosters=LISTED)).points == []


def test_without_anybody_the_charts_over_people_are_empty() -> None:
    for name in ("duty_lorenz", "duty_shares"):
        found = drawn(name, rota(rosters={"rota": []}))
        assert (found.points, found.people) == ([], 0)
