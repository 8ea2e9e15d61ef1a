"""An account read from a file of objects in REST shape.

The file is one mapping of collections, or `{"inputs": mapping}`, or `{"examples": […]}` of
which one is chosen by its id.
"""

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import cast

from sandbox import instants
from sandbox.account.generated import ABILITIES, ROLES
from sandbox.account.listing import Account, Json, Listing, Shape, Shelf
from sandbox.account.names import Names
from sandbox.account.people import authorizer
from sandbox.account.references import Writer
from sandbox.account.rota import coverage_percentage
from sandbox.canaries import Mint

_RENDERED = ("final_schedule", "overrides_subschedule")
_ON_REQUEST = frozenset({*_RENDERED, "schedule_layers"})
_COLLECTIONS = ("services", "escalation_policies", "schedules", "incidents", "log_entries")
_TIMED = {"incidents", "log_entries"}


class AccountFileError(Exception):
    """The file cannot be served; the message says which part."""


def read(path: Path, example: str | None) -> Mapping[str, list[Json]]:
    """Raises AccountFileError where the example is not in the file or none was named."""
    document = json.loads(path.read_text(encoding="utf-8"))
    if "examples" in document:
        found = [one for one in document["examples"] if one.get("id") == example]
        if not found:
            raise AccountFileError("the file holds examples: name one of them")
        document = found[0]
    return cast("Mapping[str, list[Json]]", document.get("inputs", document))


def account(path: Path, example: str | None, as_of: int, subdomain: str) -> Account:
    objects = read(path, example)
    names, writer = Names(0), Writer(Mint(0), subdomain)
    teams = objects.get("teams", [])
    hidden = {str(team["id"]) for team in teams if team.get("private")}
    people = [names.configured("user", n) for n in range(len(ROLES))]
    return Account(
        id=names.configured("account", 0),
        subdomain=subdomain,
        as_of=as_of,
        people=len(objects.get("users", [])),
        teams=len(teams),
        abilities=ABILITIES,
        authorizers={
            role: authorizer(role, user, "Etc/UTC", [], writer)
            for role, user in zip(ROLES, people, strict=True)
        },
        shelves={
            name: _shelf(name, objects.get(name, []), hidden, objects) for name in _COLLECTIONS
        },
    )


def _shelf(
    name: str, rows: list[Json], hidden: set[str], objects: Mapping[str, list[Json]]
) -> Shelf:
    times = None
    if name in _TIMED:
        rows = _oldest_first(rows)
        times = [_created(row) for row in rows]
    team_ids = _team_ids(objects)
    listing = Listing(
        name,
        len(rows),
        (lambda n, shape: _schedule(rows[n], shape))
        if name == "schedules"
        else (lambda n, _: rows[n]),
        private=lambda n: not hidden.isdisjoint(team_ids(rows[n])),
        facets={
            "team_ids[]": lambda n: team_ids(rows[n]),
            "service_ids[]": lambda n: (_id(rows[n].get("service")),),
            "urgencies[]": lambda n: (str(rows[n].get("urgency")),),
            "statuses[]": lambda n: (str(rows[n].get("status")),),
        },
        times=times,
        newest_first=name == "log_entries",
    )
    return Shelf(listing)


def _created(row: Json) -> int:
    return instants.parse(str(row["created_at"]))


def _oldest_first(rows: list[Json]) -> list[Json]:
    """Entries of one instant keep the order they have in the file, read forwards in time."""
    newest_first = bool(rows) and _created(rows[0]) > _created(rows[-1])
    return sorted(rows[::-1] if newest_first else rows, key=_created)


def _id(reference: object) -> str:
    return str(reference.get("id")) if isinstance(reference, Mapping) else ""


def _team_ids(objects: Mapping[str, list[Json]]) -> Callable[[Json], Collection[str]]:
    """Teams of an object; an incident has its service's, a log entry its incident's."""

    def own(row: Json) -> list[str]:
        return [_id(team) for team in cast("list[Json]", row.get("teams") or [])]

    services = {str(one["id"]): own(one) for one in objects.get("services", [])}
    incidents = {
        str(one["id"]): own(one) or services.get(_id(one.get("service")), [])
        for one in objects.get("incidents", [])
    }
    return lambda row: (
        own(row)
        or services.get(_id(row.get("service")), [])
        or incidents.get(_id(row.get("incident")), [])
    )


def _schedule(row: Json, shape: Shape) -> Json:
    """The rendered parts only where asked for, cut at the bounds."""
    body = {key: value for key, value in row.items() if key not in _ON_REQUEST}
    for part in _ON_REQUEST & shape.includes:
        given = row.get(part, {} if part in _RENDERED else [])
        if part in _RENDERED:
            body[part] = _cut(cast("Json", given), shape)
        else:
            body[part] = given
    return body


def _cut(part: Json, shape: Shape) -> Json:
    entries: list[Json] = []
    spans: list[tuple[int, int]] = []
    for entry in cast("list[Json]", part.get("rendered_schedule_entries", [])):
        start, end = instants.parse(str(entry["start"])), instants.parse(str(entry["end"]))
        if shape.window is None or start >= shape.window[1] or end <= shape.window[0]:
            continue
        span = max(start, shape.window[0]), min(end, shape.window[1])
        spans.append(span)
        entries.append({**entry, "start": instants.show(span[0]), "end": instants.show(span[1])})
    covered = coverage_percentage(spans, *shape.window) if shape.window else None
    return {
        **part,
        "rendered_schedule_entries": entries,
        "rendered_coverage_percentage": covered,
    }
