"""LOAD-02, LOAD-04 and LOAD-05: how the load falls on people."""

from collections.abc import Iterable

import pytest

from app.assessment.rows import Facts, LogEntry, ScheduleEntry
from tests.factories.rows import HOUR, MONDAY, WEEK, entry, incident, options, pseudonym
from tests.unit.assessment.interruptions.notifications import page
from tests.unit.assessment.oncall.rotas import load, on, rota


def hour(at: float) -> int:
    return MONDAY + round(at * HOUR)


def ack(person: str, at: float) -> LogEntry:
    """An incident of its own, acknowledged by a person."""
    name = f"{person}{at}"
    return entry(name, "acknowledge", hour(at))._replace(agent_id=pseudonym(person))


def account(shifts: Iterable[ScheduleEntry], log: Iterable[LogEntry]) -> Facts:
    """Each entry belongs to an incident that began on Monday."""
    entries = list(log)
    names = sorted({each.incident_id for each in entries})
    incidents = [incident("")._replace(id=name) for name in names]
    return rota(*shifts, incidents=incidents, log=entries)


SHIFTS = (on("ann", 0, 20), on("bob", 20, 60), on("cat", 60, 70))


def test_interruptions_of_people_with_a_shift_over_their_hours() -> None:
    pages = [page("ann", hour(at)) for at in (1, 2, 3)] + [page("bob", hour(30))]
    pages += [page("cat", hour(61)), page("zoe", hour(5)), page("zoe", hour(6))]
    found = load(account(SHIFTS, pages))
    # 3 + 1 + 1 in 20 + 40 + 10 hours; zoe has no shift.
    assert found["interruptions_per_oncall_h"].value == pytest.approx(5 / 70)
    assert found["interruptions_per_oncall_h"].n == 5
    assert found["interruptions_per_oncall_h"].people == {
        pseudonym("ann"): 3,
        pseudonym("bob"): 1,
        pseudonym("cat"): 1,
    }
    # Rates 3/20 and 1/40; cat was on call for less than 12 hours. Two people: G = (6 - 1)/7 / 2.
    uneven = found["interruption_rate_gini"]
    assert uneven.value == pytest.approx((0.15 - 0.025) / (0.15 + 0.025))
    assert uneven.n == 2


def test_twelve_hours_are_enough_for_a_rate() -> None:
    found = load(account([on("ann", 0, 12), on("bob", 12, 23.9)], [page("ann", hour(1))]))
    assert found["interruption_rate_gini"].n == 1


def test_without_any_shift_there_is_no_rate() -> None:
    found = load(account([], [page("ann", hour(1))]))
    assert found["interruptions_per_oncall_h"].value is None


def test_the_top_fifth_is_at_least_one_person() -> None:
    pages = [page("ann", hour(at)) for at in (1, 2, 3)] + [page("bob", hour(30))]
    log = [*pages, ack("bob", 21), ack("bob", 22), ack("cat", 61), ack("zoe", 62)]
    found = load(account(SHIFTS, log))
    assert found["top_fifth_interruptions"].value == pytest.approx(3 / 4)
    assert found["top_fifth_interruptions"].n == 3
    # bob has 2 of 4 acknowledgements; zoe took one without a shift.
    assert found["top_fifth_acks"].value == 0.5
    assert found["top_fifth_acks"].n == 4


def test_the_top_fifth_of_ten_people_are_two() -> None:
    names = "abcdefghij"
    shifts = [on(name, n, n + 1) for n, name in enumerate(names)]
    log = [ack(name, n + turn / 10) for n, name in enumerate(names) for turn in range(n)]
    # 9 and 8 of 0 + 1 + ... + 9 = 45.
    assert load(account(shifts, log))["top_fifth_acks"].value == pytest.approx(17 / 45)


def test_without_interruptions_there_is_no_concentration() -> None:
    found = load(account(SHIFTS, []))
    assert found["top_fifth_acks"].value is None
    assert found["interruptions_per_oncall_h"].value == 0


def test_pauses_between_a_persons_incidents_on_duty() -> None:
    # From 1 to 25 a day, to 97 three days, and to 145 exactly 48 hours.
    log = [ack("ann", at) for at in (1, 25, 97, 145)]
    found = load(account([on("ann", 0, 168)], log))["under_48h_share"]
    assert found.value == pytest.approx(1 / 3)
    assert found.n == 3
    assert found.people == {pseudonym("ann"): 3}


def test_a_pause_off_duty_is_none_and_incidents_off_duty_are_out() -> None:
    month = options(until=MONDAY + 2 * WEEK)
    shifts = [on("ann", 0, 24), on("bob", 24, 40), on("ann", 40, 64)]
    log = [ack("ann", 20), ack("ann", 30), ack("ann", 41), ack("ann", 42), ack("bob", 50)]
    found = load(account(shifts, log), month)["under_48h_share"]
    # Only 41 and 42 lie in one block of ann; bob's is after his.
    assert (found.value, found.n) == (1, 1)


def test_one_incident_each_has_no_pause() -> None:
    found = load(account(SHIFTS, [ack("ann", 1), ack("bob", 21)]))["under_48h_share"]
    assert (found.value, found.n, found.people) == (None, 0, {})
