"""Each resource: a response as PagerDuty documents it, and the rows that are kept of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from collectors.decode import decode_page
from collectors.manifest import RESOURCES
from collectors.objects import ObjectId
from collectors.pseudonyms import Pseudonyms
from collectors.records import Rows
from collectors.resource import Resource
from collectors.resources.abilities import ABILITIES, ABILITY
from collectors.resources.authorizer import AUTHORIZER
from collectors.resources.business_dependencies import BUSINESS_DEPENDENCIES
from collectors.resources.business_services import BUSINESS_SERVICES
from collectors.resources.change_events import CHANGE_EVENTS
from collectors.resources.escalation_policies import ESCALATION_POLICIES
from collectors.resources.incidents import INCIDENTS
from collectors.resources.log_entries import LOG_ENTRIES
from collectors.resources.maintenance_windows import MAINTENANCE_WINDOWS
from collectors.resources.oncalls import ONCALLS
from collectors.resources.paused_incidents import PAUSED_INCIDENTS
from collectors.resources.priorities import PRIORITIES
from collectors.resources.schedule_details import SCHEDULE_DETAILS
from collectors.resources.schedule_v3_details import SCHEDULE_V3_DETAILS
from collectors.resources.schedules import SCHEDULES
from collectors.resources.schedules_v3 import SCHEDULES_V3
from collectors.resources.services import SERVICES
from collectors.resources.team_members import TEAM_MEMBERS
from collectors.resources.teams import TEAMS
from collectors.resources.technical_dependencies import TECHNICAL_DEPENDENCIES
from collectors.resources.users import USERS
from collectors.vocabularies import ROLE
from collectors.zones import ZONE

NAMES = Pseudonyms(bytes(range(32)))
OWNER = ObjectId("PTEAM", NAMES.of("team", "PTEAM"))
AT = "2026-03-01T00:00:00Z"
MICROSECONDS = 1_772_323_200_000_000
HOUR = 3600 * 1_000_000
PARIS = ZONE.codes()["Europe/Paris"]


def ref(kind: str, identifier: str) -> dict[str, Any]:
    return {
        "id": identifier,
        "type": f"{kind}_reference",
        "summary": "A name",
        "self": f"https://api.pagerduty.com/{kind}s/{identifier}",
        "html_url": None,
    }


def rows(resource: Resource, content: object) -> Rows:
    body = json.dumps({resource.envelope: content, "limit": 100, "offset": 0}).encode()
    page = decode_page(resource, body, NAMES, owner=OWNER)
    assert page.skipped == 0
    assert not page.unknown
    return page.rows


def of(kind: str, identifier: str) -> bytes:
    return NAMES.of(kind, identifier)


def test_every_resource_has_an_example() -> None:
    text = Path(__file__).read_text("utf-8")
    for resource in RESOURCES:
        assert f"rows({resource.name.upper()}, " in text, resource.name


def test_each_small_list_keeps_its_declared_fields() -> None:
    assert rows(ABILITIES, ["teams"]) == {
        "ability": [{"position": 0, "word": ABILITY.codes()["teams"]}]
    }
    assert rows(AUTHORIZER, {"id": "P1", "email": "x@example.com", "role": "admin"}) == {
        "authorizer": [{"position": 0, "role": ROLE.codes()["admin"]}]
    }
    assert rows(PRIORITIES, [{"id": "P1", "name": "P1", "description": "x"}]) == {
        "priority": [{"position": 0, "id": of("priority", "P1")}]
    }
    assert rows(TEAMS, [{"id": "T1", "name": "x", "default_role": "none"}]) == {
        "team": [{"id": of("team", "T1"), "default_role": 2}]
    }
    assert rows(USERS, [{"id": "U1", "email": "x@example.com", "time_zone": "Europe/Paris"}]) == {
        "responder": [{"id": of("user", "U1"), "time_zone": PARIS}]
    }
    assert rows(TEAM_MEMBERS, [{"user": ref("user", "U1"), "role": "responder"}]) == {
        "team_member": [
            {"team_id": OWNER.pseudonym, "position": 0, "user_id": of("user", "U1"), "role": 2}
        ]
    }
    assert rows(SCHEDULES_V3, [ref("schedule_v3", "S1")]) == {
        "schedule_v3": [{"id": of("schedule", "S1")}]
    }


def test_a_service_keeps_its_declared_fields() -> None:
    hours = {"type": "constant", "urgency": "high"}
    service = {
        "id": "S1",
        "name": "A name",
        "status": "warning",
        "created_at": AT,
        "last_incident_timestamp": AT,
        "acknowledgement_timeout": 1800,
        "auto_resolve_timeout": None,
        "escalation_policy": ref("escalation_policy", "E1"),
        "incident_urgency_rule": {
            "type": "use_support_hours",
            "during_support_hours": hours,
            "outside_support_hours": hours | {"urgency": "low"},
        },
        "support_hours": {
            "type": "fixed_time_per_day",
            "time_zone": "Europe/Paris",
            "days_of_week": [1, 2, 3, 4, 5],
            "start_time": "09:00:00",
            "end_time": "17:30:00",
        },
        "alert_grouping_parameters": {"type": "intelligent", "config": {"fields": ["x"]}},
        "auto_pause_notifications_parameters": {"enabled": True, "timeout": 300},
        "integrations": [ref("events_api_v2_inbound_integration", "I1")],
        "teams": [ref("team", "T1")],
    }
    kept = rows(SERVICES, [service])
    assert kept["service"] == [
        {
            "id": of("service", "S1"),
            "status": 2,
            "created_at": MICROSECONDS,
            "last_incident_timestamp": MICROSECONDS,
            "escalation_policy_id": of("escalation_policy", "E1"),
            "acknowledgement_timeout": 1800,
            "auto_resolve_timeout": None,
            "incident_urgency_rule_type": 2,
            "incident_urgency_rule_urgency": None,
            "incident_urgency_rule_during_support_hours_type": 1,
            "incident_urgency_rule_during_support_hours_urgency": 1,
            "incident_urgency_rule_outside_support_hours_type": 1,
            "incident_urgency_rule_outside_support_hours_urgency": 2,
            "support_hours_time_zone": PARIS,
            "support_hours_days_of_week": 31,
            "support_hours_start_time": 9 * 3600,
            "support_hours_end_time": 17 * 3600 + 1800,
            "alert_grouping_parameters_type": 2,
            "auto_pause_notifications_parameters_enabled": 1,
            "auto_pause_notifications_parameters_timeout": 300,
            "integrations": 1,
        }
    ]
    assert kept["service_team"] == [
        {"service_id": of("service", "S1"), "position": 0, "id": of("team", "T1")}
    ]


@pytest.mark.parametrize("strategy", ["round_robin", {"type": "round_robin"}])
def test_an_escalation_policy_keeps_its_levels_and_targets(strategy: object) -> None:
    policy = {
        "id": "E1",
        "num_loops": 2,
        "on_call_handoff_notifications": "always",
        "escalation_rules": [
            {
                "escalation_delay_in_minutes": 30,
                "escalation_rule_assignment_strategy": strategy,
                "targets": [ref("user", "U1"), ref("schedule_v3", "S1")],
            }
        ],
        "teams": [ref("team", "T1")],
    }
    kept = rows(ESCALATION_POLICIES, [policy])
    assert kept["escalation_policy"][0]["on_call_handoff_notifications"] == 2
    assert kept["escalation_rule"][0]["escalation_rule_assignment_strategy"] == 2
    assert [row["id"] for row in kept["escalation_target"]] == [
        of("user", "U1"),
        of("schedule", "S1"),
    ]
    assert kept["escalation_policy_team"][0]["id"] == of("team", "T1")


@pytest.mark.parametrize("one", [False, True], ids=["list", "one a call"])
def test_a_layer_based_schedule_keeps_roster_shifts_and_overrides(*, one: bool) -> None:
    entry = {"start": AT, "end": "2026-03-01T01:00:00Z", "user": ref("user", "U1")}
    schedule = {
        "id": "S1",
        "name": "A name",
        "time_zone": "Europe/Paris",
        "final_schedule": {"name": "Final Schedule", "rendered_schedule_entries": [entry]},
        "overrides_subschedule": {"rendered_schedule_entries": [entry]},
        "users": [ref("user", "U1"), ref("user", "U2")],
        "teams": [],
    }
    kept = rows(SCHEDULE_DETAILS, schedule) if one else rows(SCHEDULES, [schedule])
    shift = {
        "schedule_id": of("schedule", "S1"),
        "position": 0,
        "start": MICROSECONDS,
        "end": MICROSECONDS + HOUR,
        "user_id": of("user", "U1"),
    }
    assert kept["schedule"] == [{"id": of("schedule", "S1"), "time_zone": PARIS}]
    assert kept["schedule_entry"] == kept["schedule_override"] == [shift]
    assert [row["id"] for row in kept["schedule_user"]] == [of("user", "U1"), of("user", "U2")]


@pytest.mark.parametrize("edge", ["start", "end"])
def test_a_shift_without_a_begin_or_an_end_does_not_lose_its_schedule(edge: str) -> None:
    entry = {"start": AT, "end": AT, "user": ref("user", "U1")} | {edge: None}
    served = {"rendered_schedule_entries": [entry]}
    schedule = {"id": "S1", "final_schedule": served, "overrides_subschedule": served}
    kept = rows(SCHEDULES, [schedule])
    for table in ("schedule_entry", "schedule_override"):
        (row,) = kept[table]
        assert {row["start"], row["end"]} == {None, MICROSECONDS}
        assert row[edge] is None


def test_the_roster_of_a_shift_based_schedule_includes_people_without_a_shift() -> None:
    members = [{"type": "user_member", "user_id": "U1"}, {"type": "empty_member"}]
    event = {
        "id": "E1",
        "name": "A name",
        "recurrence": ["RRULE:FREQ=WEEKLY"],
        "effective_since": AT,
        "effective_until": None,
        "assignment_strategy": {
            "type": "rotating_member_assignment_strategy",
            "shifts_per_member": 1,
            "members": members,
        },
    }
    later = event | {"effective_until": "2026-03-01T01:00:00Z"}
    rotations = [{"id": "R1", "events": [event, later]}, {"id": "R2"}]
    kept = rows(SCHEDULE_V3_DETAILS, {"id": "S1", "rotations": rotations})
    schedule = {"schedule_v3_detail_id": of("schedule", "S1")}
    assert kept["rotation"] == [schedule | {"position": place} for place in (0, 1)]
    assert [row["effective_until"] for row in kept["rotation_event"]] == [None, MICROSECONDS + HOUR]
    first, unassigned, *others = kept["rotation_member"]
    assert first == schedule | {
        "rotation_position": 0,
        "rotation_event_position": 0,
        "position": 0,
        "type": 1,
        "user_id": of("user", "U1"),
    }
    assert (unassigned["type"], unassigned["user_id"]) == (2, None)
    assert [row["rotation_event_position"] for row in others] == [1, 1]


def test_a_shift_based_schedule_keeps_its_shifts() -> None:
    shift = {
        "type": "computed_shift_assignment",
        "start_time": AT,
        "end_time": "2026-03-01T01:00:00Z",
        "member": {"type": "user_member", "user_id": "U1"},
        "source": {"type": "custom_shift_override", "override_id": "x"},
    }
    unassigned = shift | {
        "member": {"type": "empty_member"},
        "source": {"type": "schedule_rotation"},
    }
    schedule = {
        "id": "S1",
        "time_zone": "Europe/Paris",
        "final_schedule": {"computed_shift_assignments": [shift, unassigned]},
        "teams": [ref("team", "T1")],
        "http_cal_url": "https://example.com/secret",
    }
    kept = rows(SCHEDULE_V3_DETAILS, schedule)
    assert [
        (row["member_type"], row["member_user_id"], row["source_type"])
        for row in kept["schedule_v3_shift"]
    ] == [(1, of("user", "U1"), 4), (2, None, 1)]
    assert kept["schedule_v3_team"][0]["id"] == of("team", "T1")


def test_an_oncall_keeps_its_schedule_of_either_kind_or_none() -> None:
    duty = {
        "escalation_policy": ref("escalation_policy", "E1"),
        "escalation_level": 2,
        "user": ref("user", "U1"),
        "schedule": ref("schedule_v3", "S1"),
        "start": AT,
        "end": "2026-03-01T01:00:00Z",
    }
    direct = duty | {"schedule": None, "start": None, "end": None}
    first, second = rows(ONCALLS, [duty, direct])["oncall"]
    assert first | {"id": None} == {
        "id": None,
        "escalation_policy_id": of("escalation_policy", "E1"),
        "escalation_level": 2,
        "user_id": of("user", "U1"),
        "schedule_type": 2,
        "schedule_id": of("schedule", "S1"),
        "start": MICROSECONDS,
        "end": MICROSECONDS + HOUR,
    }
    assert {second[name] for name in ("schedule_type", "schedule_id", "start", "end")} == {None}


def test_an_incident_keeps_its_declared_fields() -> None:
    responder = {
        "state": "joined",
        "requested_at": AT,
        "updated_at": "2026-03-01T01:00:00Z",
        "user": ref("user", "U1"),
        "message": "Please help with A name",
    }
    incident = {
        "id": "Q1",
        "title": "A title",
        "created_at": AT,
        "status": "resolved",
        "priority": {"id": "P1", "summary": "P1"},
        "alert_counts": {"all": 3, "triggered": 1, "resolved": 2},
        "teams": [ref("team", "T1")],
        "incidents_responders": [responder],
        "responder_requests": [{"requested_at": AT, "message": "A message"}],
    }
    kept = rows(INCIDENTS, [incident])
    assert kept["incident"][0]["priority_id"] == of("priority", "P1")
    assert kept["incident"][0]["alert_counts_all"] == 3
    assert kept["incident_team"][0]["id"] == of("team", "T1")
    assert kept["incident_responder"] == [
        {
            "incident_id": of("incident", "Q1"),
            "position": 0,
            "state": 2,
            "requested_at": MICROSECONDS,
            "updated_at": MICROSECONDS + HOUR,
            "user_id": of("user", "U1"),
        }
    ]
    assert kept["responder_request"][0]["requested_at"] == MICROSECONDS


def test_log_entries_state_who_was_notified_and_how() -> None:
    entry = {
        "id": "R1",
        "type": "notify_log_entry",
        "created_at": AT,
        "agent": ref("service", "S1"),
        "channel": {
            "type": "auto",
            "notification": {"type": "sms_notification", "address": "+15550100"},
        },
        "incident": ref("incident", "Q1"),
        "service": ref("service", "S1"),
        "user": ref("user", "U1"),
    }
    kept = rows(LOG_ENTRIES, [entry])["log_entry"][0]
    assert kept["user_id"] == of("user", "U1")
    assert kept["service_id"] == kept["agent_id"] == of("service", "S1")
    assert kept["channel_notification_type"] == 2


@pytest.mark.parametrize("technical", [True, False])
def test_dependencies_join_two_services(*, technical: bool) -> None:
    edge = {
        "id": "D1",
        "type": "service_dependency",
        "supporting_service": {"id": "S1", "type": "technical_service_reference"},
        "dependent_service": {"id": "B1", "type": "business_service_reference"},
    }
    if technical:
        kept = rows(TECHNICAL_DEPENDENCIES, [edge])
    else:
        kept = rows(BUSINESS_DEPENDENCIES, [edge])
    technical_ids = {row["id"] for row in rows(SERVICES, [{"id": "S1"}])["service"]}
    business = rows(BUSINESS_SERVICES, [{"id": "B1", "team": ref("team", "T1")}])
    assert kept["service_dependency"] == [
        {
            "id": of("service_dependency", "D1"),
            "supporting_service_type": 1,
            "supporting_service_id": technical_ids.pop(),
            "dependent_service_type": 2,
            "dependent_service_id": business["business_service"][0]["id"],
        }
    ]
    assert business["business_service"][0]["team_id"] == of("team", "T1")


def test_events_beside_incidents() -> None:
    window = {
        "id": "M1",
        "start_time": AT,
        "end_time": "2026-03-01T01:00:00Z",
        "services": [ref("service", "S1")],
        "teams": [ref("team", "T1")],
    }
    kept = rows(MAINTENANCE_WINDOWS, [window])
    assert kept["maintenance_window"][0]["end_time"] == MICROSECONDS + HOUR
    assert kept["maintenance_window_service"][0]["id"] == of("service", "S1")
    change = {
        "id": "01BBYA6PEVW6A852BUO6QYUE7O",
        "timestamp": AT,
        "summary": "A text",
        "services": [ref("service", "S1")],
        "integration": ref("inbound_integration", "I1"),
    }
    kept = rows(CHANGE_EVENTS, [change])
    assert kept["change_event"][0]["integration_id"] == of("integration", "I1")
    assert kept["change_event_service"][0]["id"] == of("service", "S1")
    counts = {"paused_count": 50, "triggered_after_pause_count": 12}
    assert rows(PAUSED_INCIDENTS, counts | {"since": AT, "until": AT}) == {
        "paused_incidents": [{"position": 0, **counts, "resolved_after_pause_count": None}]
    }
