"""From PagerDuty's objects to the rows that the engine reads, field by field."""

from typing import Any

from app.assessment.options import AssessmentOptions
from app.assessment.rows import UNKNOWN_ZONE, AddedResponder, Facts, ScheduleEntry, SupportHours
from app.examples.inputs import collections, facts_of
from collectors.pseudonyms import Pseudonyms

SECOND = 1_000_000
HOUR = 3_600 * SECOND
MONDAY = 1_714_953_600 * SECOND
"""2024-05-06T00:00:00Z."""
PSEUDONYMS = Pseudonyms(bytes(range(32)))


def facts(**inputs: Any) -> Facts:
    options = AssessmentOptions(
        since=MONDAY, until=MONDAY + 24 * HOUR, as_of=MONDAY + 24 * HOUR, minimum_group=5
    )
    loaded, skipped = facts_of(collections(inputs), PSEUDONYMS, options)
    assert skipped == {}
    return loaded


def user(raw: str) -> bytes:
    return PSEUDONYMS.of("user", raw)


def at(hour: int) -> str:
    return f"2024-05-06T{hour:02}:00:00Z"


def layered(**over: Any) -> dict[str, Any]:
    return {
        "id": "PS1",
        "type": "schedule",
        "time_zone": "Eastern Time (US & Canada)",
        "users": [{"id": "U1"}, {"id": "U2"}],
        "teams": [{"id": "T1"}],
        "final_schedule": {
            "rendered_schedule_entries": [{"start": at(1), "end": at(5), "user": {"id": "U1"}}]
        },
        "overrides_subschedule": {
            "rendered_schedule_entries": [{"start": at(2), "end": at(3), "user": {"id": "U3"}}]
        },
        **over,
    }


def test_a_layer_based_schedule_has_zone_roster_owner_shifts_and_overrides() -> None:
    found = facts(schedules=[layered()])
    (schedule,) = found.schedules
    assert schedule.time_zone == "America/New_York"
    assert schedule.roster == {user("U1"), user("U2")}
    assert schedule.teams == (PSEUDONYMS.of("team", "T1"),)
    assert found.schedule_entries == [
        ScheduleEntry(schedule.id, MONDAY + HOUR, MONDAY + 5 * HOUR, user("U1"))
    ]
    assert found.overrides == [
        ScheduleEntry(schedule.id, MONDAY + 2 * HOUR, MONDAY + 3 * HOUR, user("U3"), override=True)
    ]


def shift(begin: int, end: int, member: dict[str, str], source: str) -> dict[str, Any]:
    return {
        "start_time": at(begin),
        "end_time": at(end),
        "member": member,
        "source": {"type": source},
    }


def member(raw: str) -> dict[str, str]:
    return {"type": "user_member", "user_id": raw}


def test_in_a_shift_based_schedule_an_empty_member_is_no_person_and_overrides_are_marked() -> None:
    rotation = {
        "events": [
            {"assignment_strategy": {"members": [member("U1"), {"type": "empty_member"}]}},
            {
                "effective_until": "2024-05-05T00:00:00Z",
                "assignment_strategy": {"members": [member("U9")]},
            },
        ]
    }
    shifts = [
        shift(0, 8, member("U1"), "schedule_rotation"),
        shift(8, 9, member("U2"), "schedule_rotation_override"),
        shift(9, 24 - 1, {"type": "empty_member"}, "schedule_rotation"),
    ]
    one = {
        "id": "PS2",
        "type": "schedule_v3",
        "rotations": [rotation],
        "teams": [{"id": "T1"}],
        "final_schedule": {"computed_shift_assignments": shifts},
    }
    found = facts(schedules=[one])
    (schedule,) = found.schedules
    assert schedule.roster == {user("U1")}, "who left before the window is not on the roster"
    assert schedule.teams == (PSEUDONYMS.of("team", "T1"),)
    assert [(e.user_id, e.override) for e in found.schedule_entries] == [
        (user("U1"), False),
        (user("U2"), True),
        (None, False),
    ]
    assert found.overrides == []


def test_a_schedule_of_both_kinds_is_one() -> None:
    upgraded = {"id": "PS1", "type": "schedule_v3", "time_zone": "UTC", "rotations": []}
    found = facts(schedules=[layered(), upgraded])
    assert [schedule.time_zone for schedule in found.schedules] == ["UTC"]


def service(**over: Any) -> dict[str, Any]:
    return {"id": "S1", "status": "active", **over}


def test_a_service_keeps_its_timers_its_owner_and_a_fixed_urgency() -> None:
    (one,) = facts(
        services=[
            service(
                escalation_policy={"id": "P1"},
                acknowledgement_timeout=1800,
                auto_resolve_timeout=None,
                incident_urgency_rule={"type": "constant", "urgency": "severity_based"},
                integrations=[{"id": "I1"}, {"id": "I2"}],
                teams=[{"id": "T1"}],
                created_at=at(1),
                last_incident_timestamp=at(2),
            )
        ]
    ).services
    assert one.status == "active"
    assert one.escalation_policy_id == PSEUDONYMS.of("escalation_policy", "P1")
    assert (one.acknowledgement_timeout_s, one.auto_resolve_timeout_s) == (1800, None)
    assert one.urgency == "severity_based"
    assert one.integrations == 2
    assert one.teams == (PSEUDONYMS.of("team", "T1"),)
    assert (one.created_at, one.last_incident_at) == (MONDAY + HOUR, MONDAY + 2 * HOUR)
    assert one.support_hours is None


def test_urgency_by_support_hours_is_not_fixed_and_the_hours_are_local() -> None:
    (one,) = facts(
        services=[
            service(
                incident_urgency_rule={
                    "type": "use_support_hours",
                    "during_support_hours": {"type": "constant", "urgency": "high"},
                    "outside_support_hours": {"type": "constant", "urgency": "low"},
                },
                support_hours={
                    "type": "fixed_time_per_day",
                    "time_zone": "Europe/Berlin",
                    "days_of_week": [1, 3, 7],
                    "start_time": "09:00:00",
                    "end_time": "17:30:00",
                },
            )
        ]
    ).services
    assert (one.urgency, one.urgency_inside, one.urgency_outside) == (None, "high", "low")
    assert one.support_hours == SupportHours(
        "Europe/Berlin", 9 * 3600, 17 * 3600 + 1800, frozenset({1, 3, 7})
    )


def test_an_incident_brings_its_teams_helpers_priority_and_alerts() -> None:
    (one,) = facts(
        incidents=[
            {
                "id": "I1",
                "created_at": at(1),
                "status": "acknowledged",
                "urgency": "low",
                "priority": {"id": "PR1"},
                "alert_counts": {"all": 7},
                "teams": [{"id": "T2"}, {"id": "T1"}],
                "acknowledgements": [
                    {"at": at(4), "acknowledger": {"type": "user_reference"}},
                    {"at": at(3), "acknowledger": {"type": "user_reference"}},
                    {"at": at(2), "acknowledger": {"type": "service_reference"}},
                ],
                "incidents_responders": [
                    {"state": "joined", "requested_at": at(5), "user": {"id": "U1"}}
                ],
                "responder_requests": [{"requested_at": at(5)}, {"requested_at": at(6)}],
            }
        ]
    ).incidents
    assert (one.status, one.urgency, one.merged) == ("acknowledged", "low", False)
    assert one.acknowledged_at == MONDAY + 3 * HOUR
    assert one.priority_id == PSEUDONYMS.of("priority", "PR1")
    assert one.alerts == 7
    assert one.teams == (PSEUDONYMS.of("team", "T2"), PSEUDONYMS.of("team", "T1"))
    assert one.responders == (AddedResponder("joined", MONDAY + 5 * HOUR, None, user("U1")),)
    assert one.requests == (MONDAY + 5 * HOUR, MONDAY + 6 * HOUR)


def entry(number: int, **over: Any) -> dict[str, Any]:
    return {
        "id": f"L{number}",
        "type": "assign_log_entry",
        "created_at": at(1),
        "incident": {"id": "I1"},
        "agent": {"id": "U1", "type": "user_reference"},
        **over,
    }


def test_every_log_entry_keeps_its_own_assignees() -> None:
    """Two hundred entries: they are stored by pseudonym, in an order that nobody chose."""
    given = {
        number: [f"U{number}", "UX"][: number % 3] if number % 5 else [] for number in range(200)
    }
    found = facts(
        log_entries=[
            entry(number, assignees=[{"id": raw} for raw in people])
            for number, people in given.items()
        ]
    )
    own = {each.id: each.assignees for each in found.log_entries}
    assert own == {
        PSEUDONYMS.of("log_entry", f"L{number}"): tuple(map(user, people))
        for number, people in given.items()
    }


def test_a_snooze_names_its_end_and_a_type_may_end_as_a_reference_does() -> None:
    moved = [{"type": "escalate", "at": at(2)}, {"type": "unacknowledge", "at": at(3)}]
    found = facts(
        log_entries=[
            entry(1, type="snooze_log_entry_reference", changed_actions=moved),
            entry(2, type="snooze_log_entry", changed_actions=None),
            entry(3, type="status_update_log_entry"),
        ]
    ).log_entries
    assert {(each.type, each.until) for each in found} == {
        ("snooze_log_entry", MONDAY + 3 * HOUR),
        ("snooze_log_entry", None),
        ("status_update_log_entry", None),
    }


def test_a_roster_marks_who_was_deleted() -> None:
    users = [{"id": "U1", "deleted_at": None}, {"id": "U2", "deleted_at": at(1)}]
    (schedule,) = facts(schedules=[layered(users=users)]).schedules
    assert schedule.roster == {user("U1"), user("U2")}
    assert schedule.deleted == {user("U2")}


def test_a_notification_keeps_channel_and_person_and_an_entry_of_no_incident_is_left_out() -> None:
    phone = {"type": "auto", "notification": {"type": "phone_notification"}}
    (one,) = facts(
        log_entries=[
            entry(1, type="notify_log_entry", channel=phone, user={"id": "U2"}),
            entry(2, incident=None),
        ]
    ).log_entries
    assert (one.type, one.agent_type, one.channel_type) == ("notify_log_entry", "user", "auto")
    assert one.agent_id == user("U1")
    assert (one.notification, one.user_id) == ("phone_notification", user("U2"))


def test_an_observer_is_no_member_and_the_most_severe_priority_is_first() -> None:
    found = facts(
        teams=[
            {
                "id": "T1",
                "members": [
                    {"user": {"id": "U1"}, "role": "observer"},
                    {"user": {"id": "U2"}, "role": "manager"},
                ],
            }
        ],
        priorities=[{"id": "P1"}, {"id": "P2"}, {"id": "P3"}],
        abilities=["teams", "urgencies", "not_a_word_of_ours"],
        users=[
            {"id": "U1", "time_zone": "Nowhere"},
            {"id": "U2", "time_zone": "Asia/Tokyo"},
            {"id": "U3", "time_zone": None},
        ],
    )
    assert found.teams == [PSEUDONYMS.of("team", "T1")]
    assert [each.user_id for each in found.team_members] == [user("U2")]
    assert found.priorities == [PSEUDONYMS.of("priority", f"P{n}") for n in (1, 2, 3)]
    assert found.abilities == {"teams", "urgencies"}
    assert dict(found.responders) == {
        user("U1"): UNKNOWN_ZONE,
        user("U2"): "Asia/Tokyo",
        user("U3"): None,
    }


def test_direct_duty_has_no_begin_and_a_change_names_its_services() -> None:
    found = facts(
        oncalls=[
            {
                "escalation_policy": {"id": "P1"},
                "escalation_level": 2,
                "user": {"id": "U1"},
                "schedule": None,
                "start": None,
                "end": None,
            }
        ],
        change_events=[
            {"id": "C1", "timestamp": at(1), "services": [{"id": "S2"}, {"id": "S1"}]},
        ],
        business_services=[{"id": "B1", "team": {"id": "T1"}}],
        service_dependencies={
            "relationships": [
                {
                    "id": "D1",
                    "supporting_service": {"id": "S1", "type": "technical_service_reference"},
                    "dependent_service": {"id": "B1", "type": "business_service_reference"},
                }
            ]
        },
    )
    (oncall,) = found.oncalls
    assert (oncall.level, oncall.user_id, oncall.schedule_id) == (2, user("U1"), None)
    assert (oncall.start, oncall.end) == (None, None)
    (change,) = found.change_events
    assert change.timestamp == MONDAY + HOUR
    assert change.services == (PSEUDONYMS.of("service", "S2"), PSEUDONYMS.of("service", "S1"))
    (business,) = found.business_services
    (edge,) = found.dependencies
    assert (edge.supporting_type, edge.dependent_type) == ("service", "business_service")
    assert edge.dependent_id == business.id
    assert edge.supporting_id == PSEUDONYMS.of("service", "S1")


def test_the_levels_of_a_policy_are_numbered_from_one() -> None:
    found = facts(
        escalation_policies=[
            {
                "id": "P1",
                "num_loops": 2,
                "teams": [{"id": "T1"}],
                "escalation_rules": [
                    {
                        "escalation_delay_in_minutes": 5,
                        "targets": [
                            {"id": "X1", "type": "schedule_v3_reference"},
                            {"id": "U1", "type": "user_reference"},
                        ],
                    },
                    {"escalation_delay_in_minutes": 10, "targets": []},
                ],
            }
        ]
    )
    (policy,) = found.escalation_policies
    assert (policy.num_loops, policy.teams) == (2, (PSEUDONYMS.of("team", "T1"),))
    assert [(rule.level, rule.delay_minutes) for rule in found.escalation_rules] == [
        (1, 5),
        (2, 10),
    ]
    assert found.escalation_rules[0].targets == (
        ("schedule", PSEUDONYMS.of("schedule", "X1")),
        ("user", user("U1")),
    )
