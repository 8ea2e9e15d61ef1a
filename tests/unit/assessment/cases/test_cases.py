"""One incident, after its log is read."""

import pytest

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.rows import Incident, LogEntry
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
from tests.unit.assessment.incidents.lifecycle import added, requested


def case_of(found: Incident, *log: LogEntry) -> Case:
    (case,) = Account(facts([found], log), options()).cases
    return case


def test_owned_and_unowned_time_make_up_the_life_of_an_incident() -> None:
    case = case_of(
        incident("a", resolved=HOUR),
        entry("a", "acknowledge", MONDAY + MINUTE),
        entry("a", "unacknowledge", MONDAY + 31 * MINUTE, agent="service", channel="timeout"),
        entry("a", "acknowledge", MONDAY + 40 * MINUTE),
    )
    assert (case.ownership.unowned_us, case.ownership.owned_us) == (10 * MINUTE, 50 * MINUTE)
    assert (case.ownership.lapsed_by_timeout, case.ownership.lapsed_by_human) == (1, 0)


@pytest.mark.parametrize("kind", ["escalate", "repeat_escalation_path", "delegate"])
def test_a_new_trigger_ends_ownership(kind: str) -> None:
    case = case_of(
        incident("a", resolved=HOUR),
        entry("a", "acknowledge", MONDAY),
        entry("a", kind, MONDAY + 20 * MINUTE),
    )
    assert case.ownership.owned_us == 20 * MINUTE
    assert not case.ownership.lapsed


@pytest.mark.parametrize("kind", ["snooze", "annotate", "notify", "assign"])
def test_other_steps_do_not_end_ownership(kind: str) -> None:
    case = case_of(
        incident("a", resolved=HOUR),
        entry("a", "acknowledge", MONDAY),
        entry("a", kind, MONDAY + 20 * MINUTE),
    )
    assert case.ownership.owned_us == HOUR


def test_an_acknowledgement_without_a_log_owns_from_then_on() -> None:
    case = case_of(incident("a", status="acknowledged", listed_ack=MONDAY + HOUR))
    assert case.ownership.unowned_us == HOUR
    assert case.ownership.owned_us == WEEK - HOUR


def test_steps_after_the_end_have_no_owner() -> None:
    case = case_of(
        incident("a", resolved=HOUR),
        entry("a", "acknowledge", MONDAY + 2 * HOUR),
        entry("a", "unacknowledge", MONDAY + 3 * HOUR),
    )
    assert (case.ownership.unowned_us, case.ownership.owned_us) == (HOUR, 0)


@pytest.mark.parametrize(
    ("found", "ack"),
    [
        (incident("a", resolved=-SECOND), 0),
        (incident("a", status="resolved"), 0),
        (incident("a", resolved=HOUR), -SECOND),
    ],
)
def test_contradictory_times_are_not_measured(found: Incident, ack: int) -> None:
    case = case_of(found, entry("a", "acknowledge", MONDAY + ack))
    assert not case.ownership.measured


def test_an_incident_knows_its_hour_of_the_day_and_whether_it_was_answered_in_time() -> None:
    night = MONDAY + 3 * HOUR
    case = case_of(incident("a", night), entry("a", "acknowledge", night + 5 * MINUTE))
    assert (case.band, case.in_time) == ("sleep", True)
    assert case_of(incident("a", MONDAY + 9 * HOUR)).band == "business"
    assert case_of(incident("a")).in_time is False
    assert case_of(incident("a", MONDAY + WEEK - MINUTE)).in_time is None


def test_everybody_who_acknowledged_worked_from_their_first_time_on() -> None:
    ann, bob = pseudonym("ann"), pseudonym("bob")
    log = [
        entry("a", "acknowledge", MONDAY + minute * MINUTE)._replace(agent_id=who)
        for minute, who in ((10, ann), (20, bob), (30, ann))
    ]
    case = case_of(incident("a", resolved=HOUR), *log)
    assert case.engaged == {ann: MONDAY + 10 * MINUTE, bob: MONDAY + 20 * MINUTE}
    assert case.worked == {ann: 50 * MINUTE, bob: 40 * MINUTE}


def test_what_is_noted_after_the_end_is_no_part_in_the_incident() -> None:
    """A review a day later is no second incident for whoever writes it (LOAD-05)."""
    ann, bob = pseudonym("ann"), pseudonym("bob")
    log = [
        entry("a", "acknowledge", MONDAY + MINUTE)._replace(agent_id=ann),
        entry("a", "annotate", MONDAY + HOUR + MINUTE)._replace(agent_id=bob),
    ]
    late = requested("cem", MONDAY, MONDAY + HOUR + MINUTE)
    case = case_of(added(incident("a", resolved=HOUR), late), *log)
    assert case.engaged == {ann: MONDAY + MINUTE}
