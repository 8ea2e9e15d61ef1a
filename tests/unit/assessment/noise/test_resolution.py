"""What ended without a person, and what a person only acknowledged."""

import pytest

from app.assessment.metrics.noise import METRICS
from app.assessment.rows import AddedResponder, Facts, LogEntry
from tests.factories.resolved_incidents import Handled, account, handled, resolve
from tests.factories.rows import (
    HOUR,
    MINUTE,
    MONDAY,
    SECOND,
    WEEK,
    entry,
    facts,
    family,
    incident,
    options,
    pseudonym,
)

MIXED = account(
    [
        handled("paused", MONDAY, 200 * SECOND),
        handled("healed", MONDAY, 200 * SECOND, acked=MINUTE),
        handled("left", MONDAY, 4 * HOUR, "timer", acked=MINUTE),
        handled("fixed", MONDAY, 100 * SECOND, "person", acked=MINUTE),
        handled(
            "noted",
            MONDAY,
            300 * SECOND,
            "integration",
            entry("noted", "annotate", MONDAY + MINUTE),
            acked=MINUTE,
        ),
        handled("open", MONDAY),
        handled("minor", MONDAY, 400 * SECOND, urgency="low"),
        Handled(incident("merged", MONDAY, resolved=MINUTE, merged=True), []),
    ]
)
"""Seven incidents and one that was merged away."""


def of(rows: Facts, name: str) -> float | None:
    return family(METRICS, rows)[name].value


def test_auto_resolved_incidents_are_split_by_who_resolved_them() -> None:
    assert of(MIXED, "auto_resolved_share") == 5 / 7
    assert of(MIXED, "auto_resolved_by/integration") == 4 / 7
    assert of(MIXED, "auto_resolved_by/timeout") == 1 / 7


def test_a_short_fix_by_a_person_is_not_transient() -> None:
    assert of(MIXED, "transient_share") == 2 / 7
    assert of(account([handled("a", MONDAY, SECOND, "person")]), "transient_share") == 0


def test_the_transient_share_is_given_for_each_bound() -> None:
    found = [of(MIXED, f"transient_share_within/{each}") for each in (120, 300, 600, 900)]
    assert found == [0, 2 / 7, 4 / 7, 4 / 7]


def test_high_urgency_is_also_judged_apart() -> None:
    assert of(MIXED, "high_urgency_transient_share") == 2 / 6


def test_the_transient_share_is_given_by_hour_of_the_week() -> None:
    found = family(METRICS, MIXED)
    assert found["hour:1-00/transient_share"].value == 2 / 7
    assert found["hour:1-01/transient_share"].value is None


def test_an_unattended_incident_was_neither_acknowledged_nor_resolved_by_a_person() -> None:
    assert of(MIXED, "unattended_auto_share") == 2 / 7


def test_acknowledged_without_action_is_self_healed_or_abandoned() -> None:
    found = family(METRICS, MIXED)
    assert found["ack_without_action/self_healed"].value == 1
    assert found["ack_without_action/abandoned"].value == 1
    assert found["ack_without_action_rate"].value == 2 / 4
    assert found["self_healed_rate"].value == 1 / 4
    assert found["abandoned_rate"].value == 1 / 4


def test_a_resolve_or_a_note_of_a_person_counts_as_action() -> None:
    assert of(MIXED, "human_touched_share") == 2 / 7


def test_abandoned_incidents_are_not_counted_as_noise() -> None:
    assert of(MIXED, "non_actionable_share") == 3 / 7


KINDS = (
    "annotate",
    "assign",
    "delegate",
    "escalate",
    "snooze",
    "urgency_change",
    "field_value_change",
    "custom_field_value_change",
    "unacknowledge",
)


def acknowledged_with(*extra: LogEntry) -> Facts:
    return account([handled("a", MONDAY, HOUR, "integration", *extra, acked=MINUTE)])


@pytest.mark.parametrize("kind", KINDS)
def test_any_other_step_of_a_person_is_action(kind: str) -> None:
    rows = acknowledged_with(entry("a", kind, MONDAY + 2 * MINUTE))
    assert of(rows, "ack_without_action/self_healed") == 0
    assert of(rows, "human_touched_share") == 1
    assert of(rows, "non_actionable_share") == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_of_automation_is_not(kind: str) -> None:
    step = entry("a", kind, MONDAY + 2 * MINUTE, agent="service", channel="timeout")
    rows = acknowledged_with(step)
    assert of(rows, "ack_without_action/self_healed") == 1
    assert of(rows, "human_touched_share") == 0
    assert of(rows, "non_actionable_share") == 1


def test_a_request_for_responders_is_action_once_it_happened() -> None:
    question = handled("a", MONDAY, HOUR, acked=MINUTE)
    early = Handled(question.incident._replace(requests=(MONDAY + MINUTE,)), question.log)
    late = Handled(question.incident._replace(requests=(MONDAY + WEEK + 1,)), question.log)
    assert of(account([early]), "human_touched_share") == 1
    assert of(account([late]), "human_touched_share") == 0


def test_a_responder_who_came_is_action_though_no_request_is_listed() -> None:
    question = handled("a", MONDAY, 10 * MINUTE, acked=MINUTE)
    for state, touched in (("joined", 1), ("pending", 0), ("declined", 0)):
        helper = AddedResponder(state, MONDAY, MONDAY + MINUTE, pseudonym("cem"))
        case = Handled(question.incident._replace(responders=(helper,)), question.log)
        assert of(account([case]), "human_touched_share") == touched


def test_the_last_resolve_decides_and_an_earlier_one_by_a_person_is_action() -> None:
    rows = acknowledged_with(resolve("a", MONDAY + 5 * MINUTE, "person"))
    assert of(rows, "auto_resolved_share") == 1
    assert of(rows, "ack_without_action/self_healed") == 0


def test_an_incident_without_a_resolve_in_its_log_is_not_called_automatic() -> None:
    assert of(facts([incident("a", resolved=MINUTE)]), "auto_resolved_share") == 0


def test_a_resolve_before_the_creation_is_not_transient() -> None:
    assert of(account([handled("a", MONDAY, -SECOND)]), "transient_share") == 0


def test_what_happens_after_the_snapshot_is_not_known() -> None:
    rows = account([handled("a", MONDAY, 2 * WEEK)])
    assert of(rows, "auto_resolved_share") == 0
    found = family(METRICS, rows, options(as_of=MONDAY + 3 * WEEK))
    assert found["auto_resolved_share"].value == 1


def test_without_incidents_a_share_has_no_value() -> None:
    found = family(METRICS, facts())
    for name in ("auto_resolved_share", "transient_share", "non_actionable_share", "flap_share"):
        assert found[name].value is None
    assert found["ack_without_action_rate"].value is None


@pytest.mark.parametrize(
    ("kind", "agent", "acted"),
    [
        ("priority_change", "user", True),
        ("responder_request", "user", True),
        ("status_update", "user", True),
        ("a_type_of_next_year", "user", True),
        ("priority_change", "service", False),
        ("a_type_of_next_year", None, False),
    ],
)
def test_a_person_who_did_something_of_an_undocumented_type_did_something(
    kind: str, agent: str | None, acted: bool
) -> None:
    step = entry("a", kind, MONDAY + 2 * MINUTE, agent=agent)
    rows = account([handled("a", MONDAY, 10 * MINUTE, "integration", step, acked=MINUTE)])
    found = {name: figure.value for name, figure in family(METRICS, rows, options()).items()}
    assert found["human_touched_share"] == acted
    assert found["self_healed_rate"] == found["non_actionable_share"] == (not acted)
    unattended = account([handled("a", MONDAY, 10 * MINUTE, "integration", step)])
    assert of(unattended, "non_actionable_share") == (not acted)
