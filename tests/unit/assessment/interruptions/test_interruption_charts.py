"""The charts of interruptions: how many people stand behind them, and that they can be written."""

import json

from app.assessment.account import Account
from app.assessment.metrics.interruptions.series import (
    disturbed_nights_of_people,
    weekly_interruptions,
)
from tests.factories.rows import DAY, HOUR, MONDAY, WEEK, options, pseudonym
from tests.unit.assessment.interruptions.notifications import page, paged

NOON, NIGHT = 12 * HOUR, 2 * HOUR
TEN = [f"person{number}" for number in range(10)]


def test_as_few_people_stand_behind_the_chart_as_behind_its_thinnest_bar() -> None:
    log = [page(who, MONDAY + NOON) for who in TEN]
    log += [page(who, MONDAY + NIGHT) for who in TEN[:3]]
    drawn = weekly_interruptions.compute(Account(paged(log, MONDAY), options()))
    assert drawn.people == 3
    assert list(drawn.points) == [
        {"week": "2024-W01", "band": "business", "count": 10},
        {"week": "2024-W01", "band": "off", "count": 0},
        {"week": "2024-W01", "band": "sleep", "count": 3},
    ]


def test_disturbed_nights_are_drawn_over_ten_people_and_in_twentieths() -> None:
    log = [page(who, MONDAY + NOON) for who in TEN]
    log += [page("person0", MONDAY + day * DAY + NIGHT) for day in range(6)]
    log += [page("person1", MONDAY + NIGHT)]
    question = options(until=MONDAY + 2 * WEEK)
    drawn = disturbed_nights_of_people.compute(Account(paged(log, MONDAY), question))
    assert drawn.people == 10
    # Two of ten had at least one disturbed night, one had six.
    shares = {point["nights"]: point["share"] for point in drawn.points}
    assert {step: shares[step] for step in (0, 1, 2, 5, 7)} == {0: 1, 1: 0.2, 2: 0.1, 5: 0.1, 7: 0}
    assert pseudonym("person0").hex() not in json.dumps(drawn.as_json())


def test_disturbed_nights_of_fewer_than_ten_people_are_not_drawn() -> None:
    log = [page(who, MONDAY + NIGHT) for who in TEN[:9]]
    drawn = disturbed_nights_of_people.compute(Account(paged(log, MONDAY), options()))
    assert (drawn.points, drawn.people) == ((), 9)
