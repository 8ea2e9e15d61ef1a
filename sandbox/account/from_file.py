"""An account read from a file of objects in REST shape.

The file is one mapping of collections, or `{"inputs": mapping}`, or `{"examples": […]}` of
which one is chosen by its id. A collection that is not there is empty.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from sandbox.account import file_facets as facets
from sandbox.account.account import Account, Edge
from sandbox.account.file_schedules import V3, layered, shifted
from sandbox.account.generated import ABILITIES, ROLES
from sandbox.account.listing import Json, Listing, Shape
from sandbox.account.live_listing import LiveListing
from sandbox.account.model import Person
from sandbox.account.names import Names
from sandbox.account.people import authorizer
from sandbox.account.references import Writer
from sandbox.canaries import Mint

Objects = Mapping[str, Any]

_COLLECTIONS = (
    "services",
    "escalation_policies",
    "schedules",
    "schedules_v3",
    "priorities",
    "teams",
    "users",
    "business_services",
    "maintenance_windows",
    "change_events",
    "incidents",
    "log_entries",
)
_NEWEST_FIRST = {"log_entries", "change_events"}


class AccountFileError(Exception):
    """The file cannot be served; the message says which part."""


def read(path: Path, example: str | None) -> Objects:
    """Raises AccountFileError where the example is not in the file or none was named."""
    document = json.loads(path.read_text(encoding="utf-8"))
    if "examples" in document:
        found = [one for one in document["examples"] if one.get("id") == example]
        if not found:
            raise AccountFileError("the file contains examples: name one of them")
        document = found[0]
    return cast("Objects", document.get("inputs", document))


def account(path: Path, example: str | None, as_of: int, subdomain: str) -> Account:
    objects = _sorted_out(read(path, example))
    names, writer = Names(0), Writer(Mint(0), subdomain)
    people = [
        Person(names.configured("user", n), 0, "Etc/UTC", role) for n, role in enumerate(ROLES)
    ]
    oncalls = LiveListing(_listing("oncalls", objects))
    return Account(
        id=names.configured("account", 0),
        subdomain=subdomain,
        as_of=as_of,
        people=len(objects.get("users", [])),
        abilities=ABILITIES,
        authorizers={one.role: authorizer(one, [], writer) for one in people},
        listings={name: LiveListing(_listing(name, objects)) for name in _COLLECTIONS},
        oncalls=lambda: oncalls,
        members={str(one["id"]): one.get("members", []) for one in objects.get("teams", [])},
        edges=_edges(objects.get("service_dependencies", {})),
    )


def _sorted_out(objects: Objects) -> Objects:
    """Schedules of the two kinds apart, as the two lists of the API have them."""
    schedules = objects.get("schedules", [])
    shifts = [
        *objects.get("schedules_v3", []),
        *(one for one in schedules if one.get("type") == V3),
    ]
    layers = [one for one in schedules if one.get("type") != V3]
    return {**objects, "schedules": layers, "schedules_v3": shifts}


def _listing(name: str, objects: Objects) -> Listing:
    rows: list[Json] = list(objects.get(name, []))
    times = None
    if name in facets.TIMES:
        rows, times = facets.oldest_first(rows, facets.TIMES[name])
    teams = facets.team_ids(name, objects)
    hidden = {str(team["id"]) for team in objects.get("teams", []) if team.get("private")}

    def render(number: int, shape: Shape) -> Json:
        if name == "schedules":
            return layered(rows[number], shape)
        return shifted(rows[number], shape) if name == "schedules_v3" else rows[number]

    return Listing(
        name,
        len(rows),
        render,
        lambda n: str(rows[n].get("id", n)),
        private=lambda n: not hidden.isdisjoint(teams(rows[n])),
        times=times,
        spans=[facets.span(row, "start", "end") for row in rows] if name == "oncalls" else None,
        newest_first=name in _NEWEST_FIRST,
    )


def _edges(given: Any) -> list[Edge]:
    rows = given.get("relationships", []) if isinstance(given, dict) else given
    return [
        Edge(_end(one["supporting_service"]), _end(one["dependent_service"]), one) for one in rows
    ]


def _end(given: Mapping[str, object]) -> tuple[str, str]:
    """A file may say `business_service` where the API says `business_service_reference`."""
    kind = "business" if "business" in str(given.get("type")) else "technical"
    return f"{kind}_service_reference", str(given["id"])
