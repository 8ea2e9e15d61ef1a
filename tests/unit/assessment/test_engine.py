"""The whole engine: the same facts give the same figures, quickly, and as JSON."""

import json
import random
from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.assessment.engine import assess
from app.assessment.publish import publish
from app.assessment.rows import Facts, Incident, LogEntry
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
    rule,
    shift,
    values,
)

KINDS = (
    "trigger",
    "acknowledge",
    "unacknowledge",
    "assign",
    "escalate",
    "repeat_escalation_path",
    "exhaust_escalation_path",
    "resolve",
    "reopen",
)
RULES = [rule(1, "rota1"), rule(2, "rota2"), rule(3, "boss")]


def drawn_entry(chance: random.Random, name: str, created_at: int, number: int) -> LogEntry:
    return entry(
        name,
        chance.choice(KINDS),
        created_at + chance.randrange(-SECOND, 2 * HOUR),
        agent=chance.choice(["user", "service"]),
        channel=chance.choice(["timeout", "website"]),
        to=chance.choice([["ann"], ["bob"], ["boss"], []]),
        number=number,
    )


def account(seed: int, size: int, per_incident: int, days: int = 7) -> Facts:
    """An account drawn by chance: any log, any clock, some of it outside the window."""
    chance = random.Random(seed)  # noqa: S311
    incidents: list[Incident] = []
    log: list[LogEntry] = []
    for number in range(size):
        at = MONDAY + chance.randrange(-HOUR, days * DAY)
        ends = chance.choice([None, chance.randrange(-MINUTE, 2 * DAY)])
        urgency = chance.choice(["high", "high", "low"])
        merged = ends is not None and chance.random() < 0.1
        name = f"i{number}"
        incidents.append(incident(name, at, resolved=ends, urgency=urgency, merged=merged))
        log += [drawn_entry(chance, name, at, step) for step in range(per_incident)]
    shifts = [
        shift(
            rota, MONDAY + day * DAY, MONDAY + day * DAY + 20 * HOUR, chance.choice(["ann", "bob"])
        )
        for rota in ("rota1", "rota2")
        for day in range(days)
    ]
    return facts(incidents, log, RULES, ["rota1", "rota2"], shifts)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_records_after_the_snapshot_change_no_figure(seed: int) -> None:
    found = account(seed, 8, 6)
    question = options(until=MONDAY + 6 * DAY)
    known = replace(
        found,
        incidents=[
            i._replace(resolved_at=None, status="triggered", merged=False)
            if i.resolved_at is not None and i.resolved_at > question.as_of
            else i
            for i in found.incidents
        ],
        log_entries=[e for e in found.log_entries if e.created_at <= question.as_of],
    )
    then, now = values(known, question), values(found, question)
    assert {k: v for k, v in then.items() if "open_by_status" not in k} == {
        k: v for k, v in now.items() if "open_by_status" not in k
    }


def test_the_result_is_json_without_anything_json_does_not_know() -> None:
    written = json.dumps(publish(assess(account(1, 30, 5), options())).as_json(), allow_nan=False)
    for metric in json.loads(written)["metrics"]:
        assert metric["interval"] is None or len(metric["interval"]) == 2
    assert json.loads(json.dumps(options().as_json()))["excluded_urgencies"] == ["low"]


def test_weeks_start_on_monday_and_those_the_window_cuts_say_so() -> None:
    question = replace(
        options(), since=MONDAY - DAY, until=MONDAY + 8 * DAY, as_of=MONDAY + 8 * DAY
    )
    found = facts([incident("a", MONDAY - 1), incident("b", MONDAY), incident("c", MONDAY)])
    assert assess(found, question).series["weekly_incidents"].points == [
        {"start_us": MONDAY - WEEK, "count": 1, "complete": False},
        {"start_us": MONDAY, "count": 2, "complete": True},
        {"start_us": MONDAY + WEEK, "count": 0, "complete": False},
    ]


def test_a_window_of_whole_weeks_has_only_complete_ones() -> None:
    weeks = assess(facts(), options(until=MONDAY + 2 * WEEK)).series["weekly_incidents"].points
    assert [(week["start_us"], week["complete"]) for week in weeks] == [
        (MONDAY, True),
        (MONDAY + WEEK, True),
    ]


def test_the_acknowledgement_curve_leaves_out_an_ack_before_creation() -> None:
    log = [entry("a", "acknowledge", MONDAY + SECOND), entry("b", "acknowledge", MONDAY - SECOND)]
    found = facts([incident("a"), incident("b")], log)
    assert {point["share"] for point in assess(found, options()).series["ack_curve"].points} == {1}


def test_the_acknowledgement_curve_rises_from_ten_seconds_to_seven_days() -> None:
    log = [
        entry("a", "acknowledge", MONDAY + 10 * SECOND),
        entry("b", "acknowledge", MONDAY + HOUR),
    ]
    found = facts([incident("a"), incident("b"), incident("c"), incident("d")], log)
    curve = assess(found, options()).series["ack_curve"].points
    shares = [float(point["share"] or 0) for point in curve]
    assert (curve[0]["seconds"], curve[-1]["seconds"], len(curve)) == (10, 604_800, 60)
    assert (shares[0], shares[-1]) == (0.25, 0.5)
    assert all(a <= b for a, b in pairwise(shares))
