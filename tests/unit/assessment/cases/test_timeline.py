"""An incident is read as it was known at the snapshot, for any order of its log."""

import pytest

from app.assessment.cases.logs import Logs
from app.assessment.cases.timeline import Timeline, created_in_window, status_at, timelines
from app.assessment.options import AssessmentOptions
from app.assessment.rows import Incident, LogEntry
from tests.factories.rows import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    WEEK,
    entry,
    incident,
    options,
    pseudonym,
)

LATE = options(as_of=MONDAY + 2 * WEEK)


def one(found: Incident, *log: LogEntry, question: AssessmentOptions = LATE) -> Timeline:
    inside = created_in_window([found], question)
    (timeline,) = timelines(Logs(inside, log, question.as_of))
    return timeline


def test_the_window_includes_its_first_instant_and_not_its_last() -> None:
    edges = {
        "before": MONDAY - 1,
        "first": MONDAY,
        "last": MONDAY + WEEK - 1,
        "end": MONDAY + WEEK,
    }
    found = created_in_window([incident(name, at) for name, at in edges.items()], options())
    assert [each.id for each in found] == [pseudonym("first"), pseudonym("last")]


def test_steps_of_one_instant_stand_in_the_order_they_happen() -> None:
    kinds = [
        "trigger",
        "unacknowledge",
        "repeat_escalation_path",
        "escalate",
        "delegate",
        "assign",
        "notify",
        "acknowledge",
        "snooze",
        "exhaust_escalation_path",
        "annotate",
        "resolve",
        "reopen",
    ]
    log = [entry("a", kind, MONDAY) for kind in kinds]
    twins = [found._replace(id=found.id + b"2") for found in log]
    expected = [found for pair in zip(log, twins, strict=True) for found in pair]
    for mixed in (expected, expected[::-1], [*twins, *log], sorted(expected)):
        assert list(one(incident("a"), *mixed).entries) == expected


def test_the_first_acknowledgement_by_a_user_counts_and_not_one_by_a_service() -> None:
    timeline = one(
        incident("a"),
        entry("a", "acknowledge", MONDAY + 9 * MINUTE),
        entry("a", "acknowledge", MONDAY + 4 * MINUTE),
        entry("a", "acknowledge", MONDAY + MINUTE, agent="service"),
        entry("a", "acknowledge", MONDAY + 2 * MINUTE, agent=None),
    )
    assert timeline.tta == 4 * MINUTE


def test_the_documented_misspelling_of_acknowledge_is_understood() -> None:
    assert one(incident("a"), entry("a", "acknowledgement", MONDAY + MINUTE)).tta == MINUTE


@pytest.mark.parametrize("kind", ["assign", "escalate", "resolve", "snooze", "annotate"])
def test_no_other_step_implies_an_acknowledgement(kind: str) -> None:
    assert one(incident("a"), entry("a", kind, MONDAY + MINUTE)).first_ack is None


def test_a_listed_acknowledgement_counts_only_without_a_log() -> None:
    listed = incident("a", listed_ack=MONDAY + MINUTE)
    assert one(listed).tta == MINUTE
    assert one(listed, entry("a", "trigger", MONDAY)).tta is None
    early = options(until=MONDAY + 1, as_of=MONDAY + MINUTE - 1)
    assert one(listed, question=early).tta is None


def test_a_missing_end_is_taken_from_the_last_resolve_then_from_the_last_change() -> None:
    changed = incident("a", status="resolved", changed=MONDAY + 3 * HOUR)
    log = [entry("a", "resolve", MONDAY + at * HOUR) for at in (1, 2)]
    assert one(changed, *log).ttr == 2 * HOUR
    assert one(changed).ttr == 3 * HOUR
    assert one(incident("a", resolved=HOUR, changed=MONDAY + DAY), *log).ttr == HOUR


def test_resolved_without_any_time_is_closed_and_measures_nothing() -> None:
    timeline = one(incident("a", status="resolved"))
    assert timeline.resolved
    assert timeline.ttr is None


def test_a_reopened_incident_that_is_open_now_is_open() -> None:
    timeline = one(incident("a", status="acknowledged"), entry("a", "resolve", MONDAY + HOUR))
    assert not timeline.resolved
    assert timeline.ttr is None


def test_what_happened_after_the_snapshot_is_not_known() -> None:
    question = options(until=MONDAY + HOUR)
    late = one(
        incident("a", resolved=HOUR + 1, merged=True),
        entry("a", "acknowledge", MONDAY + HOUR + 1),
        question=question,
    )
    assert (late.resolved, late.merged, late.first_ack, len(late.entries)) == (
        False,
        False,
        None,
        0,
    )
    just = one(
        incident("a", resolved=HOUR, merged=True),
        entry("a", "acknowledge", MONDAY + HOUR),
        question=question,
    )
    assert (just.resolved, just.merged, just.tta) == (True, True, HOUR)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ((), "triggered"),
        (("acknowledge",), "acknowledged"),
        (("acknowledge", "unacknowledge"), "triggered"),
        (("acknowledge", "escalate"), "triggered"),
        (("acknowledge", "unacknowledge", "acknowledge"), "acknowledged"),
        (("acknowledge", "resolve"), "acknowledged"),
    ],
)
def test_an_incident_that_changed_later_has_the_status_of_the_snapshot(
    kinds: tuple[str, ...], expected: str
) -> None:
    question = options(until=MONDAY + HOUR)
    log = [entry("a", kind, MONDAY + n * MINUTE) for n, kind in enumerate(kinds, start=1)]
    changed = incident("a", resolved=2 * HOUR, changed=MONDAY + 2 * HOUR)
    assert status_at(one(changed, *log, question=question), question.as_of) == expected


def test_an_incident_that_did_not_change_later_has_the_status_pagerduty_says() -> None:
    found = one(incident("a", status="acknowledged", changed=MONDAY))
    assert status_at(found, LATE.as_of) == "acknowledged"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"until": MONDAY}, "since"),
        ({"as_of": MONDAY + WEEK - 1}, "as_of"),
        ({"ack_target_s": -1}, "ack_target_s"),
    ],
)
def test_options_that_make_no_sense_are_refused_by_name(wrong: dict[str, int], field: str) -> None:
    sound = {"since": MONDAY, "until": MONDAY + WEEK, "as_of": MONDAY + WEEK}
    with pytest.raises(ValueError, match=field):
        AssessmentOptions(**(sound | wrong))  # type: ignore[arg-type]
