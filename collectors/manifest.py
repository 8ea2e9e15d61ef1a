"""The declaration as data, and its hash: what consent, report and receipt refer to."""

import hashlib
import json
from typing import Any

from collectors.abilities import ABILITIES
from collectors.authorizer import AUTHORIZER
from collectors.escalation_policies import ESCALATION_POLICIES
from collectors.incidents import INCIDENTS
from collectors.layout import layout
from collectors.log_entries import LOG_ENTRIES
from collectors.resource import Resource
from collectors.schedules import SCHEDULES
from collectors.services import SERVICES

RESOURCES: tuple[Resource, ...] = (
    ABILITIES,
    AUTHORIZER,
    SERVICES,
    ESCALATION_POLICIES,
    SCHEDULES,
    INCIDENTS,
    LOG_ENTRIES,
)
COLLECTED: tuple[Resource, ...] = tuple(resource for resource in RESOURCES if resource.stored)


NEVER_REQUESTED = (
    "Alerts and their contents",
    "Incident notes, status updates, postmortems",
    "Lists of people, their contact methods and notification rules",
    "Integrations, their keys and webhooks",
)
NEVER_STORED = (
    "Titles, descriptions and any other text of an incident",
    "Names, e-mail addresses and phone numbers of people",
    "Names of services, teams, schedules and policies",
    "PagerDuty's ids: each becomes a pseudonym under a key of this connection",
)


def _described(resource: Resource) -> dict[str, Any]:
    return {
        "name": resource.name,
        "method": "GET",
        "path": resource.path,
        "scope": resource.scope,
        "purpose": resource.purpose,
        "query": sorted(resource.query_keys()),
        "fixed_query": dict(sorted(resource.fixed_query.items())),
        "fields": [
            {
                "name": column.path,
                "kind": column.kind,
                "reason": column.reason,
                "table": table.name if resource.stored else None,
                "column": column.name,
            }
            for table in layout(resource.schema)
            for column in table.columns
        ],
    }


def manifest() -> dict[str, Any]:
    """Every resource and every field kept of it, as JSON-able data."""
    return {
        "format": "tacit-allow-list",
        "resources": [_described(each) for each in RESOURCES],
        "never_requested": list(NEVER_REQUESTED),
        "never_stored": list(NEVER_STORED),
    }


def manifest_hash() -> str:
    """SHA-256 of the manifest in canonical JSON, as 64 hexadecimal digits."""
    text = json.dumps(manifest(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
