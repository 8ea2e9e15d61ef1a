"""People: where they are, which team they belong to, what PagerDuty has them on call for."""

from app.assessment.rows import Oncall, Responder, TeamMember
from app.operations.assessments.facts.tables import Records, zone_name
from collectors.vocabularies import TEAM_ROLE

_OBSERVER = TEAM_ROLE.codes()["observer"]


def responders(records: Records) -> list[Responder]:
    """People with their time zones; none where the client does not let them be read."""
    return [
        Responder(user, zone_name(zone))
        for user, zone in records.rows("responder", "id", "time_zone")
    ]


def team_members(records: Records) -> list[TeamMember]:
    """Who belongs to a team; an observer answers no incident and is left out."""
    return [
        TeamMember(team, user)
        for team, user, role in records.rows("team_member", "team_id", "user_id", "role")
        if user is not None and role != _OBSERVER
    ]


def oncalls(records: Records) -> list[Oncall]:
    """Duty as PagerDuty computes it; without policy, level or person it says nothing."""
    return [
        Oncall(*row)
        for row in records.rows(
            "oncall",
            "escalation_policy_id",
            "escalation_level",
            "user_id",
            "schedule_id",
            "start",
            "end",
        )
        if None not in row[:3]
    ]
