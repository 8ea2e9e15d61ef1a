"""A reopened incident is open, owned and worked on only while it is open."""

from dataclasses import replace

import pytest

from app.assessment.rows import Incident, LogEntry
from tests.factories.rows import HOUR, MINUTE, MONDAY, WEEK, entry, facts, incident, options
from tests.unit.assessment.incidents.lifecycle import ack, figures, of_priority, values

FIRST = [
    entry("a", "trigger", MONDAY, agent="service"),
    entry("a", "acknowledge", MONDAY + 5 * MINUTE),
    entry("a", "resolve", MONDAY + 30 * MINUTE),
]
BACK, ACKED, END = MONDAY + 120 * MINUTE, MONDAY + 130 * MINUTE, MONDAY + 160 * MINUTE
AGAIN = [entry("a", "acknowledge", ACKED, number=1), entry("a", "resolve", END, number=1)]
RESOLVED = incident("a", resolved=160 * MINUTE)


@pytest.mark.parametrize("kind", ["trigger", "reopen"])
def test_time_between_a_resolve_and_a_reopening_is_nobodys(kind: str) -> None:
    found = values(facts([RESOLVED], [*FIRST, entry("a", kind, BACK, number=1), *AGAIN]))
    assert found["unowned_s_total"] == (5 + 10) * 60
    assert found["owned_s_total"] == (25 + 30) * 60
    assert found["engaged_h"] == pytest.approx((25 + 40) / 60)
    assert found["ttr_all_median_s"] == 160 * 60
    assert found["ttr_dora_median_s"] == found["km_median_s"] == (30 + 40) * 60
    assert found["reopened_count"] == 1


@pytest.mark.parametrize(
    ("kind", "unowned_min", "owned_min"),
    [("acknowledge", 5, 25 + 40), ("unacknowledge", 5 + 10, 25 + 30), ("assign", 15, 25 + 30)],
)
def test_without_an_entry_of_its_own_the_first_step_shows_a_reopening(
    kind: str, unowned_min: int, owned_min: int
) -> None:
    found = values(facts([RESOLVED], [*FIRST, entry("a", kind, BACK, number=1), *AGAIN]))
    assert found["unowned_s_total"] == unowned_min * 60
    assert found["owned_s_total"] == owned_min * 60


def test_a_note_or_a_second_resolve_reopens_nothing() -> None:
    log = [*FIRST, entry("a", "annotate", BACK), entry("a", "resolve", END, number=1)]
    found = values(facts([RESOLVED], log))
    assert (found["unowned_s_total"], found["owned_s_total"]) == (5 * 60, 25 * 60)
    assert found["reopened_count"] == 1


def test_reopened_and_still_open_counts_up_to_the_snapshot() -> None:
    back = MONDAY + WEEK - HOUR
    found = values(facts([incident("a")], [*FIRST, entry("a", "trigger", back, number=1)]))
    assert (found["unowned_s_total"], found["owned_s_total"]) == ((5 + 60) * 60, 25 * 60)
    assert (found["open_count"], found["reopened_count"]) == (1, 1)
    assert found["rmst_s"] == (30 + 60) * 60


def test_open_again_without_any_entry_after_the_resolve_is_reopened() -> None:
    found = values(facts([incident("a")], FIRST))
    assert (found["open_count"], found["reopened_count"]) == (1, 1)


@pytest.mark.parametrize("now", [RESOLVED, incident("a", changed=BACK)])
def test_a_reopening_after_the_snapshot_is_not_known(now: Incident) -> None:
    """It was resolved at the snapshot, as in an assessment that was made then."""
    log = [*FIRST, entry("a", "trigger", BACK, number=1)]
    question = options(until=MONDAY + HOUR, as_of=MONDAY + HOUR)
    found = values(facts([now], log), question)
    then = values(facts([incident("a", resolved=30 * MINUTE)], FIRST), question)
    assert found == then
    assert (found["open_count"], found["reopened_count"]) == (0, 0)
    assert found["ttr_all_median_s"] == 30 * 60


def test_a_major_incident_is_none_while_it_is_resolved() -> None:
    found = of_priority("a", "top", resolved=160 * MINUTE)
    rows = facts([found], [*FIRST, entry("a", "trigger", BACK, number=1), *AGAIN])
    rows = replace(rows, priorities=[p for p in (found.priority_id,) if p])
    assert values(rows)["time_without_major_rate"] == pytest.approx(1 - 70 * MINUTE / WEEK)


def test_a_person_of_the_first_time_only_worked_on_both() -> None:
    log = [FIRST[0], ack("a", MONDAY + 5 * MINUTE, "ann"), FIRST[2]]
    log += [entry("a", "trigger", BACK, number=1), ack("a", ACKED, "bob"), AGAIN[1]]
    assert values(facts([RESOLVED], log))["engaged_h"] == pytest.approx((25 + 40 + 30) / 60)


def test_a_resolve_before_the_trigger_is_a_clock_and_no_reopening() -> None:
    log = [
        entry("a", "resolve", MONDAY - MINUTE),
        entry("a", "trigger", MONDAY),
        entry("a", "acknowledge", MONDAY + MINUTE),
    ]
    assert values(facts([incident("a", resolved=-MINUTE)], log))["reopened_count"] == 0


RESOLVE = entry("a", "resolve", MONDAY + HOUR)


@pytest.mark.parametrize(
    ("found", "log", "resolved", "is_open", "unknown"),
    [
        (incident("a", status="other"), [], 0, 0, 1),
        (incident("a", status="other", resolved=HOUR), [], 1, 0, 0),
        (incident("a", status="triggered", resolved=HOUR), [], 1, 0, 0),
        (incident("a", status="other"), [RESOLVE], 1, 0, 0),
        (incident("a", status="other"), [RESOLVE, entry("a", "trigger", BACK)], 0, 1, 0),
        (incident("a", status="triggered"), [], 0, 1, 0),
    ],
)
def test_a_status_that_is_not_known_is_neither_open_nor_resolved(
    found: Incident, log: list[LogEntry], resolved: int, is_open: int, unknown: int
) -> None:
    trigger = entry("a", "trigger", MONDAY, agent="service")
    result = figures(facts([found], [trigger, *log]))
    assert result["open_count"].value == is_open
    assert result["status_unknown_count"].value == unknown
    assert result["ttr_all_median_s"].n == resolved


def test_an_incident_of_unknown_status_is_followed_up_to_its_last_entry() -> None:
    log = [
        entry("a", "trigger", MONDAY, agent="service"),
        entry("a", "acknowledge", MONDAY + 5 * MINUTE),
        entry("a", "annotate", MONDAY + 20 * MINUTE),
    ]
    found = values(facts([incident("a", status="other")], log))
    assert (found["unowned_s_total"], found["owned_s_total"]) == (5 * 60, 15 * 60)
    assert found["rmst_s"] == 20 * 60
