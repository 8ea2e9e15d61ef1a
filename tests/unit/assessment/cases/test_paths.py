"""The way through a policy, token by token (C-ESC)."""

import pytest

from tests.factories.rows import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    SECOND,
    WEEK,
    entry,
    incident,
    rule,
    shift,
)
from tests.unit.assessment.escalations.steps import (
    AT,
    RULES,
    SHIFTS,
    step,
    timeout,
    trigger,
    walk,
)


def test_acknowledged_at_the_first_level() -> None:
    path = walk(*trigger(), step("acknowledge", 1))
    assert path.to_first_ack() == "L1>ack"
    assert path.ack_level == "L1"
    assert not path.missed_page


def test_two_time_outs_reach_the_third_level() -> None:
    path = walk(*trigger(), *timeout(5, "bob"), *timeout(15, "boss"), step("acknowledge", 20))
    assert path.to_first_ack() == "L1>timeout>L2>timeout>L3>ack"
    assert path.ack_level == "L3"
    assert path.escalations == ("timeout", "timeout")
    assert path.missed_page


@pytest.mark.parametrize(
    ("agent", "cause"),
    [("user", "manual"), ("service", "automation"), ("integration", "automation")],
)
def test_an_escalation_by_hand_is_not_a_missed_page(agent: str, cause: str) -> None:
    path = walk(*trigger(), step("escalate", 2, "bob", agent=agent), step("acknowledge", 3))
    assert path.to_first_ack() == f"L1>{cause}>L2>ack"
    assert not path.missed_page


def test_a_time_out_after_the_first_acknowledgement_is_no_missed_page() -> None:
    path = walk(*trigger(), step("acknowledge", 1), step("unacknowledge", 31), *timeout(36, "bob"))
    assert path.full() == "L1>ack>unack>timeout>L2>open"
    assert path.to_first_ack() == "L1>ack"
    assert path.escalations == ("timeout",)
    assert not path.missed_page


def test_the_assignees_of_an_escalation_show_that_a_level_was_skipped() -> None:
    assert walk(*trigger(), *timeout(5, "boss")).full() == "L1>timeout>L3>open"


def test_an_escalation_to_a_stranger_is_one_level_up_and_never_past_the_last() -> None:
    path = walk(*trigger(), *(e for m in (5, 15, 25) for e in timeout(m, "stranger")))
    assert path.full() == "L1>timeout>L2>timeout>L3>timeout>L3>open"


def test_all_assignees_must_be_of_the_level() -> None:
    assert walk(step("escalate", 2, "bob", "boss")).full() == "L1>manual>L2>open"
    both = (*RULES[:2], rule(3, "rota2", "boss"))
    assert walk(step("escalate", 2, "bob", "boss"), rules=both).full() == "L1>manual>L3>open"


def test_an_escalation_that_names_nobody_is_read_from_the_assignment_beside_it() -> None:
    silent = entry("a", "escalate", AT + MINUTE, agent="service", channel="timeout")
    assert walk(*trigger(), silent).full() == "L1>timeout>L2>open"
    beside = entry("a", "assign", AT + MINUTE + 2 * SECOND, channel="timeout", to=["boss"])
    assert walk(*trigger(), silent, beside).full() == "L1>timeout>L3>open"


def test_the_hand_off_between_two_shifts_decides_who_is_on_a_level() -> None:
    shifts = (
        SHIFTS[0],
        shift("rota2", MONDAY, AT + 5 * MINUTE, "bob"),
        shift("rota2", AT + 5 * MINUTE, MONDAY + WEEK, "eve"),
    )
    rules = (*RULES[:2], rule(3, "boss"), rule(4, "bob"))
    assert walk(*timeout(5, "eve"), rules=rules, shifts=shifts).tokens[2] == "L2"
    assert walk(*timeout(5, "bob"), rules=rules, shifts=shifts).tokens[2] == "L4"


@pytest.mark.parametrize(
    ("pair_after", "expected"),
    [
        (None, "L1>timeout>L2>open"),
        (0, "L1>timeout>L2>open"),
        (5, "L1>timeout>L2>open"),
        (-5, "L1>timeout>L2>open"),
        (6, "L1>timeout>L2>reassign>L2>open"),
    ],
)
def test_an_assignment_beside_an_escalation_belongs_to_it(
    pair_after: int | None, expected: str
) -> None:
    assert walk(*trigger(), *timeout(5, "bob", pair_after)).full() == expected


def test_any_other_assignment_is_a_reassignment() -> None:
    to_somebody = walk(*trigger(), step("assign", 3, "zoe"), step("acknowledge", 4))
    assert to_somebody.to_first_ack() == "L1>reassign>direct>ack"
    assert to_somebody.ack_level == "direct"
    to_a_level = walk(*trigger(), step("assign", 3, "boss"), step("acknowledge", 4))
    assert to_a_level.to_first_ack() == "L1>reassign>L3>ack"
    assert to_a_level.ack_level == "L3"
    assert not to_a_level.escalations


def test_an_escalation_goes_on_from_the_last_level_after_a_direct_assignment() -> None:
    path = walk(*trigger(), step("assign", 3, "zoe"), *timeout(8, "stranger"))
    assert path.full() == "L1>reassign>direct>timeout>L2>open"


def test_a_later_event_is_not_the_trigger_that_assignments_belong_to() -> None:
    again = entry("a", "trigger", AT + 3 * MINUTE, agent="service", channel="api")
    path = walk(*trigger(), again, step("assign", 3, "zoe"))
    assert path.full() == "L1>reassign>direct>open"


def test_repeat_exhaust_delegate_and_the_automatic_end() -> None:
    path = walk(
        *trigger(),
        *timeout(5, "bob"),
        step("repeat_escalation_path", 10, agent="service"),
        step("assign", 10, "ann", agent="service"),
        step("exhaust_escalation_path", 15, agent="service"),
        step("delegate", 16),
        step("acknowledge", 17, agent="service"),
        step("resolve", 20, agent="service"),
        found=incident("a", AT, resolved=20 * MINUTE),
    )
    expected = "L1>timeout>L2>repeat>L1>exhausted>delegate>auto_resolved"
    assert path.full() == path.to_first_ack() == expected
    assert path.ack_level is None
    assert path.ending == "auto_resolved"


@pytest.mark.parametrize(
    ("agent", "channel", "ending"),
    [
        ("user", "website", "user_resolved"),
        ("service", "api", "auto_resolved"),
        ("user", "timeout", "auto_resolved"),
    ],
)
def test_a_path_ends_with_who_resolved_the_incident(agent: str, channel: str, ending: str) -> None:
    end = entry("a", "resolve", AT + HOUR, agent=agent, channel=channel)
    path = walk(*trigger(), end, found=incident("a", AT, resolved=HOUR))
    assert path.full() == f"L1>{ending}"
    assert path.ending == ending


def test_a_start_above_level_one_because_of_a_gap_is_not_an_escalation() -> None:
    path = walk(found=incident("a", MONDAY + 2 * DAY))
    assert path.full() == "L2>open"
    assert not path.escalations


@pytest.mark.parametrize(
    ("at", "start"), [(MONDAY, "L1"), (MONDAY + DAY - 1, "L1"), (MONDAY + DAY, "L2")]
)
def test_a_shift_includes_its_first_instant_and_not_its_last(at: int, start: str) -> None:
    assert walk(found=incident("a", at)).tokens[0] == start


def test_an_entry_without_a_person_covers_nobody() -> None:
    nobody = (shift("rota1", MONDAY, MONDAY + DAY, None), SHIFTS[1])
    assert walk(shifts=nobody).tokens[0] == "L2"


def test_nobody_on_call_anywhere_starts_at_the_first_level() -> None:
    assert walk(rules=RULES[:2], shifts=()).full() == "L1>open"


def test_a_schedule_that_was_not_collected_is_not_a_gap() -> None:
    assert walk(rules=(rule(1, "rota9"), rule(2, "boss"))).tokens[0] == "L1"


def test_a_policy_that_was_deleted_still_gives_a_path() -> None:
    gone = incident("a", AT, policy=None)
    path = walk(*trigger(), *timeout(5, "bob"), *timeout(15, "boss"), found=gone)
    assert path.full() == "L1>timeout>L2>timeout>L3>open"


def test_an_acknowledgement_without_a_log_has_no_known_level() -> None:
    path = walk(found=incident("a", AT, status="acknowledged", listed_ack=AT + MINUTE))
    assert path.to_first_ack() == "L1>ack"
    assert path.ack_level == "unknown"


def test_a_path_remembers_the_highest_level_and_how_many_there_are() -> None:
    path = walk(
        *trigger(),
        *timeout(5, "boss"),
        step("repeat_escalation_path", 10, agent="service"),
        step("acknowledge", 12),
    )
    assert (path.max_level, path.levels, path.repeats) == (3, 3, 1)
    assert walk(*trigger(), rules=()).levels == 0


def test_the_last_time_out_before_the_first_acknowledgement_is_kept() -> None:
    log = [*trigger(), *timeout(5, "bob"), *timeout(15, "boss"), step("acknowledge", 20)]
    late = [step("unacknowledge", 50), *timeout(55, "boss")]
    assert walk(*log, *late).missed_at == AT + 15 * MINUTE
    assert walk(*trigger(), step("acknowledge", 1), *late).missed_at is None


@pytest.mark.parametrize("kind", ["exhaust_escalation_path", "reach_trigger_limit"])
def test_both_log_entries_of_an_exhausted_policy_are_recognised(kind: str) -> None:
    path = walk(*trigger(), step(kind, 15, agent="service"))
    assert path.exhausted
    assert ("exhausted" in path.tokens) == (kind == "exhaust_escalation_path")


def test_a_reassignment_states_its_target() -> None:
    path = walk(
        *trigger(), step("assign", 3, "zoe"), step("assign", 9, "boss"), step("delegate", 12)
    )
    assert path.reassigned_to == ("direct", "L3", "delegate")
    assert path.ping_pongs == 0
