"""ESC-05, ESC-09 and ESC-10: which level answers, and what nobody answers."""

from dataclasses import replace

from app.assessment.metrics.escalations import METRICS
from tests.factories.rows import HOUR, family, incident, pseudonym
from tests.unit.assessment.escalations.escalation_accounts import (
    IncidentWithLog,
    account,
    figures,
    incident_with_log,
    of,
)
from tests.unit.assessment.escalations.steps import AT, step, timeout, trigger


def spent(name: str, kind: str = "exhaust_escalation_path") -> IncidentWithLog:
    """It went through its policy twice and nobody answered."""
    return incident_with_log(
        name,
        *trigger(),
        *timeout(5, "bob"),
        step("repeat_escalation_path", 10, agent="service"),
        step("repeat_escalation_path", 20, agent="service"),
        step(kind, 30, agent="service"),
    )


def test_repeats_and_ends_are_counted_by_incident() -> None:
    found = figures(
        spent("a"), spent("b", "reach_trigger_limit"), incident_with_log("c", *trigger())
    )
    assert (found["repeat_count"].value, found["repeat_count"].n) == (2, 3)
    assert found["exhausted_incidents"].value == 2
    assert found["repeat_rate"].value == found["exhausted_rate"].value == 2 / 3
    assert found["policy:policy/exhausted_incidents"].value == 2


def test_exhausted_major_incidents_are_counted_separately() -> None:
    major, log = spent("a")
    rows = account((major._replace(priority_id=pseudonym("P1")), log), spent("b"))
    known = replace(rows, priorities=[pseudonym("P1")])
    assert family(METRICS, known)["exhausted_major_incidents"].value == 1
    assert family(METRICS, rows)["exhausted_major_incidents"].value is None


def test_level_one_has_a_share_even_where_it_never_acknowledges() -> None:
    found = figures(incident_with_log("a", *trigger(), *timeout(5, "bob"), step("acknowledge", 6)))
    assert found["ack_by_level_rate/L1"].value == 0
    assert found["ack_by_level_rate/L2"].value == 1
    assert "ack_by_level/L1" not in found
    assert not any(
        name.startswith("ack_by_level_rate") for name in figures(incident_with_log("b", *trigger()))
    )


def test_an_incident_that_a_person_resolved_is_not_unseen() -> None:
    found = figures(
        incident_with_log("seen", *trigger(), step("resolve", 60), resolved=HOUR),
        incident_with_log("self", *trigger(), step("resolve", 60, agent="service"), resolved=HOUR),
        incident_with_log("open", *trigger()),
        of(incident("bare", AT, resolved=HOUR)),
        incident_with_log("acked", *trigger(), step("acknowledge", 1)),
    )
    assert found["never_acked_rate"].value == 4 / 5
    assert found["unseen_rate"].value == 2 / 5
