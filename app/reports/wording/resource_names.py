"""The names of PagerDuty's resources on a page, and their headings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.reports.wording.words import plain_name


@dataclass(frozen=True, slots=True)
class Group:
    """A heading, the sentence under it, and its resources."""

    heading: str
    sentence: str
    names: Mapping[str, str]


GROUPS = (
    Group(
        "Configuration",
        "How the account is set up to answer.",
        {
            "abilities": "Abilities of the plan",
            "priorities": "Priorities",
            "services": "Services",
            "business_services": "Business services",
            "technical_dependencies": "Service dependencies",
            "business_dependencies": "Business service dependencies",
            "escalation_policies": "Escalation policies",
            "maintenance_windows": "Maintenance windows",
        },
    ),
    Group(
        "People and duty",
        "Who answers when: pseudonyms, never a name.",
        {
            "authorizer": "Role of the person who connects",
            "teams": "Teams",
            "team_members": "Team members",
            "users": "Responders' time zones",
            "schedules": "Schedules",
            "schedule_details": "Schedules, one by one",
            "schedules_v3": "Shift-based schedules",
            "schedule_v3_details": "Shifts of shift-based schedules",
            "oncalls": "On-calls",
        },
    ),
    Group(
        "History",
        "What happened when, without a word that anybody wrote.",
        {
            "paused_incidents": "Paused incidents",
            "change_events": "Change events",
            "incidents": "Incidents",
            "log_entries": "Log entries",
        },
    ),
)
_NAMES = {name: title for group in GROUPS for name, title in group.names.items()}


def resource_name(name: str) -> str:
    """``schedules_v3`` as ``Shift-based schedules``."""
    return _NAMES.get(name) or plain_name(name)


def resource_names(names: Iterable[str]) -> tuple[str, ...]:
    """The same for several, for use inside a sentence."""
    title = (resource_name(name) for name in names)
    return tuple(f"{each[:1].lower()}{each[1:]}" for each in title)


def grouped(resources: Iterable[Mapping[str, Any]]) -> list[tuple[Group, list[Mapping[str, Any]]]]:
    """The manifest's resources under their headings; one without a heading comes under the last."""
    left = list(resources)
    found = []
    for group in GROUPS:
        last = group is GROUPS[-1]
        mine = [each for each in left if each["name"] in group.names or last]
        left = [each for each in left if each not in mine]
        found.append((group, mine))
    return found
