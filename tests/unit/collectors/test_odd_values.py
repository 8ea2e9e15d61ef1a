"""One odd optional value costs that value: the record stays, and the field is counted by name."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from collectors.decode import Page, decode_page
from collectors.fields import AllowListSchema
from collectors.manifest import RESOURCES
from collectors.pseudonyms import Pseudonyms
from collectors.resource import Resource, Shape
from collectors.resources.escalation_policies import ESCALATION_POLICIES
from collectors.resources.incidents import INCIDENTS
from collectors.resources.log_entries import LOG_ENTRIES
from collectors.resources.oncalls import ONCALLS
from collectors.resources.schedules import SCHEDULES
from collectors.resources.services import SERVICES

NAMES = Pseudonyms(bytes(range(32)))
AT = "2026-03-01T10:00:00Z"
NEEDED = {"id": "P1", "type": "notify_log_entry", "created_at": AT, "timestamp": AT}
ODD = (12.5, ["x", 7], "sNaN", {"id": 7, "type": ["x"]})


def _decoded(resource: Resource, record: object) -> Page:
    content = record if resource.shape is Shape.ONE else [record]
    return decode_page(resource, json.dumps({resource.envelope: content}).encode(), NAMES)


RECORDS = [each for each in RESOURCES if each.shape is not Shape.WORDS]


def _optional(schema: AllowListSchema) -> Iterator[str]:
    for name, field in schema.load_fields.items():
        if not field.required and not getattr(field, "unbounded", False):
            yield name


@pytest.mark.parametrize("sent", ODD, ids=str)
@pytest.mark.parametrize("resource", RECORDS, ids=lambda each: each.name)
def test_no_odd_optional_field_costs_its_record(resource: Resource, sent: object) -> None:
    schema = resource.schema()
    needed = {key: value for key, value in NEEDED.items() if key in schema.load_fields}
    for name in _optional(schema):
        page = _decoded(resource, needed | {name: sent})
        assert (page.received, page.skipped) == (1, 0)
        assert len(page.rows[schema.TABLE]) == 1
        odd = bool(schema.validate({name: sent}, partial=True))
        assert bool(page.unreadable_fields) is odd
        assert {each.split(".")[0] for each in page.unreadable_fields} <= {name}
        assert page.unknown.total() > 0 or not odd


def test_an_incident_with_odd_details_is_one_incident() -> None:
    page = _decoded(
        INCIDENTS,
        {
            "id": "P1",
            "created_at": AT,
            "urgency": 3,
            "priority": "P1",
            "resolved_at": "yesterday",
            "alert_counts": {"all": "many"},
            "teams": [{"id": "T1"}, "T2", {"id": 7}],
            "acknowledgements": [{"at": None}, {"at": AT, "acknowledger": 5}],
        },
    )
    (incident,) = page.rows["incident"]
    assert incident["urgency"] == 0
    assert {incident[name] for name in ("priority_id", "resolved_at", "alert_counts_all")} == {None}
    assert [row["id"] for row in page.rows["incident_team"]] == [NAMES.of("team", "T1"), None]
    assert len(page.rows["incident_acknowledgement"]) == 1
    assert page.unreadable_fields == {
        "urgency",
        "priority",
        "resolved_at",
        "alert_counts.all",
        "teams",
        "teams.id",
        "acknowledgements.at",
        "acknowledgements.acknowledger",
    }
    assert page.unknown["incident.urgency"] == 1
    assert page.unknown["priority"] == page.unknown["acknowledgements"] == 1


def test_an_odd_channel_leaves_who_acknowledged() -> None:
    agent = {"type": "user_reference", "id": "U1"}
    record = {**NEEDED, "type": "acknowledge_log_entry", "agent": agent, "channel": "web"}
    (entry,) = _decoded(LOG_ENTRIES, record).rows["log_entry"]
    assert (entry["agent_id"], entry["channel_type"]) == (NAMES.of("user", "U1"), None)


@pytest.mark.parametrize("name", ["id", "created_at"])
def test_without_what_it_needs_a_record_is_skipped(name: str) -> None:
    page = _decoded(INCIDENTS, NEEDED | {name: 7, "urgency": 3})
    assert (page.received, page.skipped, page.rows) == (1, 1, {})
    assert page.unreadable_fields == {name}


@pytest.mark.parametrize("end", ["start", "end"])
def test_a_shift_whose_end_cannot_be_read_is_not_one_for_ever(end: str) -> None:
    shift = {"start": AT, "end": AT, "user": {"id": "U1"}}
    shifts = [shift, shift | {end: "soon"}]
    record = {"id": "S1", "final_schedule": {"rendered_schedule_entries": shifts}}
    page = _decoded(SCHEDULES, record)
    assert page.skipped == 0
    assert len(page.rows["schedule_entry"]) == 1
    assert page.unreadable_fields == {f"final_schedule.rendered_schedule_entries.{end}"}
    assert _decoded(ONCALLS, shift | {end: "soon"}).skipped == 1


@pytest.mark.parametrize("odd", [None, 7, "x", []], ids=str)
def test_what_is_no_shift_among_shifts_leaves_the_others(odd: object) -> None:
    shift = {"start": AT, "end": AT, "user": {"id": "U1"}}
    record = {"id": "S1", "final_schedule": {"rendered_schedule_entries": [shift, odd]}}
    page = _decoded(SCHEDULES, record)
    assert page.skipped == 0
    assert len(page.rows["schedule_entry"]) == 1
    assert page.unreadable_fields


def test_an_odd_target_leaves_the_levels_of_its_policy() -> None:
    rules: list[Mapping[str, Any]] = [
        {"escalation_delay_in_minutes": "30", "targets": [{"type": "user", "id": "U1"}]},
        {"escalation_delay_in_minutes": 30, "targets": "nobody"},
    ]
    page = _decoded(ESCALATION_POLICIES, {"id": "EP1", "escalation_rules": rules})
    delays = [row["escalation_delay_in_minutes"] for row in page.rows["escalation_rule"]]
    assert delays == [None, 30]
    assert len(page.rows["escalation_target"]) == 1


def test_odd_support_hours_leave_the_service_and_its_policy() -> None:
    hours = {"time_zone": 5, "days_of_week": ["Monday"], "start_time": "9:00"}
    record = {"id": "S1", "support_hours": hours, "escalation_policy": {"id": "EP1"}}
    (service,) = _decoded(SERVICES, record).rows["service"]
    assert service["escalation_policy_id"] == NAMES.of("escalation_policy", "EP1")
    assert service["support_hours_time_zone"] == 0
    assert service["support_hours_days_of_week"] is None
