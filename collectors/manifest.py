"""The declaration as data, and its hash: what consent, report and receipt refer to."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from collectors.identity import IDENTITY_CALLS
from collectors.layout import Column, TableLayout, layout
from collectors.resource import Resource, Shape
from collectors.resources.abilities import ABILITIES
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

# Parents before the objects that are requested one by one; the long lists last.
RESOURCES: tuple[Resource, ...] = (
    ABILITIES,
    AUTHORIZER,
    PRIORITIES,
    TEAMS,
    TEAM_MEMBERS,
    USERS,
    SERVICES,
    BUSINESS_SERVICES,
    TECHNICAL_DEPENDENCIES,
    BUSINESS_DEPENDENCIES,
    ESCALATION_POLICIES,
    SCHEDULES,
    SCHEDULE_DETAILS,
    SCHEDULES_V3,
    SCHEDULE_V3_DETAILS,
    ONCALLS,
    MAINTENANCE_WINDOWS,
    PAUSED_INCIDENTS,
    CHANGE_EVENTS,
    INCIDENTS,
    LOG_ENTRIES,
)
COLLECTED: tuple[Resource, ...] = tuple(resource for resource in RESOURCES if resource.stored)
PARENTS = frozenset(resource.parent for resource in RESOURCES if resource.parent)


NEVER_REQUESTED = (
    "Alerts and their contents",
    "Incident notes, status updates, postmortems",
    "Lists of people, but for their time zones where you allow that extension by name",
    "Contact methods and notification rules of people",
    "Integrations, their keys and webhooks",
)
NEVER_STORED = (
    "Titles, descriptions and any other text of an incident or a change",
    "Names, e-mail addresses and phone numbers of people",
    "Names of services, teams, schedules and policies",
    "PagerDuty's ids: each becomes a pseudonym under a key of this connection",
)


def _field(resource: Resource, table: TableLayout, column: Column) -> dict[str, Any]:
    words = resource.shape is Shape.WORDS
    return {
        "name": f"{resource.envelope}[]" if words else column.path,
        "kind": column.kind,
        "reason": column.reason,
        "table": table.name if resource.stored else None,
        "column": column.name,
    }


def _described(resource: Resource) -> dict[str, Any]:
    return {
        "name": resource.name,
        "method": "GET",
        "path": resource.path,
        "parent": resource.parent,
        "extension": resource.extension,
        "fallback": resource.fallback,
        "scope": resource.scope,
        "purpose": resource.purpose,
        "without": resource.without,
        "query": sorted(resource.query_keys()),
        "fixed_query": {
            key: list(values) for key, values in sorted(resource.fixed_values().items())
        },
        "fields": [
            _field(resource, table, column)
            for table in layout(resource.schema)
            for column in table.columns
        ],
    }


def manifest() -> dict[str, Any]:
    """Every resource with each field kept of it, and every identity call, as JSON-able data."""
    return {
        "format": "tacit-allow-list",
        "resources": [_described(each) for each in RESOURCES],
        "identity": [asdict(each) for each in IDENTITY_CALLS],
        "never_requested": list(NEVER_REQUESTED),
        "never_stored": list(NEVER_STORED),
    }


def manifest_hash() -> str:
    """SHA-256 of the manifest in canonical JSON, as 64 hexadecimal digits."""
    text = json.dumps(manifest(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
