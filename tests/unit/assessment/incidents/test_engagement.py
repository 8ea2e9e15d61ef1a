"""INC-13 and INC-14: whose time incidents take, as sums and never by person."""

import pytest

from app.assessment.account import Account
from app.assessment.metrics.incidents.weekly import weekly_engaged
from tests.factories.rows import (
    HOUR,
    MINUTE,
    MONDAY,
    SECOND,
    WEEK,
    entry,
    facts,
    incident,
    options,
    pseudonym,
)
from tests.unit.assessment.incidents.lifecycle import (
    ack,
    added,
    figures,
    people_of,
    points,
    requested,
    values,
)


def test_engaged_time_runs_from_each_persons_first_part_to_the_end() -> None:
    called = added(
        incident("a", resolved=2 * HOUR),
        requested("cem", MONDAY, MONDAY + HOUR),
        requested("dee", MONDAY, MONDAY + HOUR, "declined"),
    )
    log = [
        ack("a", MONDAY + 30 * MINUTE, "ann"),
        ack("a", MONDAY + 40 * MINUTE, "ann"),
        ack("b", MONDAY + HOUR, "ann"),
    ]
    found = figures(facts([called, incident("b", resolved=3 * HOUR), incident("c")], log))
    # ann 90 minutes and 2 hours, cem 1 hour.
    assert found["engaged_h"].value == 4.5
    assert people_of(found["engaged_h"]) == {"ann": 3.5, "cem": 1}
    assert found["engaged_median_s"].value == (9000 + 7200) / 2
    assert found["engaged_people_mean"].value == 1.5
    assert found["engaged_h"].n == 2
    assert found["engaged_h"].privacy_class == "P1"


def test_an_open_incident_engages_up_to_the_snapshot_and_is_counted_apart() -> None:
    account = facts([incident("a")], [ack("a", MONDAY + WEEK - HOUR, "ann")])
    found = values(account)
    assert found["engaged_h"] == 1
    assert found["engaged_open_count"] == 1


def test_a_person_who_joined_after_the_end_was_not_engaged() -> None:
    account = facts(
        [incident("a", resolved=HOUR), incident("b", resolved=HOUR)],
        [ack("a", MONDAY + 2 * HOUR, "ann"), ack("b", MONDAY - SECOND, "ann")],
    )
    assert values(account)["engaged_h"] is None


@pytest.mark.parametrize(
    "kind",
    [
        "annotate",
        "snooze",
        "urgency_change",
        "field_value_change",
        "priority_change",
        "responder_request",
        "status_update",
        "run_workflow",
    ],
)
def test_whoever_does_something_to_an_incident_is_engaged_from_then_on(kind: str) -> None:
    """Also under a type that nobody documents; a machine is not."""
    done = entry("a", kind, MONDAY + HOUR, agent="user")._replace(agent_id=pseudonym("bob"))
    log = [ack("a", MONDAY + 30 * MINUTE, "ann"), done]
    found = figures(facts([incident("a", resolved=3 * HOUR)], log))
    assert people_of(found["engaged_h"]) == {"ann": 2.5, "bob": 2}
    assert found["mobilise_median_s"].value == 3600
    by_machine = done._replace(agent_type="service", agent_id=None)
    machine = figures(facts([incident("a", resolved=3 * HOUR)], [log[0], by_machine]))
    assert people_of(machine["engaged_h"]) == {"ann": 2.5}


@pytest.mark.parametrize(
    "kind", ["trigger", "assign", "delegate", "escalate", "unacknowledge", "resolve", "notify"]
)
def test_whoever_reports_hands_on_or_ends_an_incident_is_not_engaged_by_that(kind: str) -> None:
    done = entry("a", kind, MONDAY + HOUR)._replace(agent_id=pseudonym("bob"))
    log = [ack("a", MONDAY + 30 * MINUTE, "ann"), done]
    found = figures(facts([incident("a", resolved=3 * HOUR)], log))
    assert found["engaged_people_mean"].value == 1
    assert found["mobilise_median_s"].value is None


def test_a_yes_after_the_snapshot_is_not_known() -> None:
    late = added(incident("a"), requested("cem", MONDAY, MONDAY + WEEK + 1))
    assert values(facts([late]))["engaged_h"] is None


def test_every_team_has_the_time_of_its_own_incidents() -> None:
    log = [
        ack("a", MONDAY, "ann"),
        ack("a", MONDAY, "bob"),
        ack("b", MONDAY, "bob"),
        ack("d", MONDAY, "ann"),
    ]
    account = facts(
        [
            incident("a", resolved=HOUR, teams=["red"]),
            incident("b", resolved=2 * HOUR, teams=["blue"]),
            incident("c", resolved=HOUR, teams=["red"]),
            incident("d", resolved=4 * HOUR, teams=["red", "blue"]),
        ],
        [each._replace(id=each.id + each.agent_id) for each in log if each.agent_id],
    )
    found = figures(account)
    assert people_of(found["team:red/engaged_h"]) == {"ann": 5, "bob": 1}
    assert people_of(found["team:blue/engaged_h"]) == {"ann": 4, "bob": 2}
    assert people_of(found["team:red/engaged_people_mean"]) == {"ann": 2, "bob": 1}
    assert found["team:red/engaged_people_mean"].value == 1.5
    assert found["engaged_h"].value == 8


def test_mobilised_is_when_the_last_of_several_joined() -> None:
    log = [
        ack("a", MONDAY + 2 * MINUTE, "ann"),
        ack("a", MONDAY + 10 * MINUTE, "bob"),
        ack("b", MONDAY + MINUTE, "ann"),
    ]
    account = facts([incident("a", resolved=HOUR), incident("b", resolved=HOUR)], log)
    found = figures(account)["mobilise_median_s"]
    assert (found.value, found.n) == (600, 1)
    assert people_of(found) == {"ann": 1, "bob": 1}


def test_the_weekly_series_gives_the_number_of_people_behind_it() -> None:
    log = [
        ack("a", MONDAY, "ann"),
        ack("b", MONDAY + WEEK, "ann"),
        ack("b", MONDAY + WEEK + HOUR, "bob"),
    ]
    account = facts(
        [incident("a", resolved=HOUR), incident("b", MONDAY + WEEK, resolved=2 * HOUR)], log
    )
    asked_for = options(until=MONDAY + 3 * WEEK)
    assert [point["hours"] for point in points(weekly_engaged, account, asked_for)] == [1, 3, 0]
    assert weekly_engaged.compute(Account(account, asked_for)).people == 1
