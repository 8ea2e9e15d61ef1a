"""ESC-08 and ESC-12: reassigned incidents, and people requested to help."""

import pytest

from app.assessment.metrics.escalations import METRICS
from tests.factories.rows import HOUR, MINUTE, MONDAY, WEEK, facts, family, incident
from tests.unit.assessment.escalations.escalation_accounts import figures, incident_with_log
from tests.unit.assessment.escalations.steps import step, timeout, trigger
from tests.unit.assessment.incidents.lifecycle import added, people_of, requested


def test_reassignments_and_delegations_by_where_to() -> None:
    found = figures(
        incident_with_log("a", *trigger(), step("assign", 3, "zoe"), step("assign", 9, "boss")),
        incident_with_log("b", *trigger(), step("delegate", 3)),
        incident_with_log("c", *trigger(), *timeout(5, "bob")),
        incident_with_log("d", *trigger()),
    )
    assert found["reassignments"].value == 3
    targets = [
        found[f"reassignments_by_target/{key}"].value for key in ("L3", "delegate", "direct")
    ]
    assert targets == [1, 1, 1]
    assert found["reassigned_rate"].value == 0.5
    assert found["ping_pong_incidents"].value == 0


@pytest.mark.parametrize("kind", ["assign", "delegate"])
@pytest.mark.parametrize(("agent", "by_hand"), [("user", 1), ("service", 0), ("integration", 0)])
def test_only_a_person_reassigns_by_hand(kind: str, agent: str, by_hand: int) -> None:
    """What a rule or an integration moves is not counted, and hands nothing back."""
    moved = step(kind, 3, "zoe", agent=agent), step(kind, 9, "ann", agent=agent)
    found = figures(incident_with_log("a", *trigger(), *moved), incident_with_log("b", *trigger()))
    assert found["reassignments"].value == 2 * by_hand
    assert found["reassigned_rate"].value == by_hand / 2
    assert found["ping_pong_incidents"].value == (by_hand if kind == "assign" else 0)


def test_handed_back_is_to_a_person_who_had_it_before() -> None:
    found = figures(
        incident_with_log("back", *trigger(), step("assign", 3, "zoe"), step("assign", 9, "ann")),
        incident_with_log("on", *trigger(), step("assign", 3, "zoe"), step("assign", 9, "bob")),
        incident_with_log("same", *trigger(), step("assign", 3, "zoe"), step("assign", 9, "zoe")),
    )
    assert found["ping_pong_incidents"].value == 1


def test_a_policy_that_comes_round_again_hands_nothing_back() -> None:
    again = [
        *timeout(5, "bob"),
        step("repeat_escalation_path", 10, agent="service"),
        step("assign", 10, "ann", agent="service"),
    ]
    found = figures(incident_with_log("a", *trigger(), *again, step("assign", 20, "zoe")))
    assert found["reassignments"].value == 1
    assert found["ping_pong_incidents"].value == 0


def test_requests_for_help_how_many_came_and_how_soon() -> None:
    helped = added(
        incident("a", requests=[MONDAY, MONDAY + HOUR]),
        requested("ann", MONDAY, MONDAY + 2 * MINUTE),
        requested("bob", MONDAY, MONDAY + 6 * MINUTE),
        requested("cem", MONDAY + HOUR),
        requested("dee", MONDAY + HOUR, MONDAY + 2 * HOUR, "declined"),
    )
    found = family(METRICS, facts([helped, incident("b")]))
    assert found["responder_requests_per_incident"].value == 1
    rate = found["responder_accepted_rate"]
    assert (rate.value, rate.n) == (0.5, 4)
    assert rate.interval is not None
    assert people_of(rate) == {"ann": 1, "bob": 1, "cem": 1, "dee": 1}
    median = found["responder_accept_median_s"]
    assert (median.value, median.n) == (4 * 60, 2)
    assert people_of(median) == {"ann": 1, "bob": 1}
    assert {each.privacy_class for each in (rate, median)} == {"P1"}


def test_accepted_is_a_share_of_requests_and_not_of_people() -> None:
    """Ann was requested three times and came once, bob never came."""
    helped = [
        added(incident("a"), requested("ann", MONDAY, MONDAY + MINUTE), requested("bob", MONDAY)),
        added(incident("b"), requested("ann", MONDAY)),
        added(incident("c"), requested("ann", MONDAY)),
    ]
    rate = family(METRICS, facts(helped))["responder_accepted_rate"]
    assert (rate.value, rate.n) == (1 / 4, 4)
    assert people_of(rate) == {"ann": 3, "bob": 1}


@pytest.mark.parametrize(
    "name",
    [
        "responder_requests_per_incident",
        "responder_accepted_rate",
        "responder_accept_median_s",
    ],
)
def test_without_any_request_there_is_no_figure(name: str) -> None:
    assert family(METRICS, facts([incident("a")]))[name].value is None


def test_a_reply_after_the_snapshot_is_not_known() -> None:
    late = added(incident("a"), requested("ann", MONDAY, MONDAY + WEEK + 1))
    found = family(METRICS, facts([late]))
    assert found["responder_accepted_rate"].value == 0
