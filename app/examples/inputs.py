"""REST objects of an example into tables of records, through the collectors, and to facts."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.assessment.options import AssessmentOptions
from app.assessment.rows import Facts
from app.core.clock import from_microseconds
from app.examples.names import ALSO_COLLECTIONS
from app.models import Base, CollectionRun
from app.operations.assessments.facts import load_facts
from app.operations.collection.store import store_page
from collectors.decode import decode_page
from collectors.manifest import COLLECTED
from collectors.objects import ObjectId
from collectors.pseudonyms import Pseudonyms
from collectors.resource import Resource, Shape

_RESOURCES = {each.name: each for each in COLLECTED}
_V3 = "schedules_v3"
_PAGE = 100

Json = dict[str, Any]


def collections(inputs: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Objects by resource; inputs that are plain numbers or tables are left out."""
    found: dict[str, list[Any]] = {}
    for name, given in inputs.items():
        resource = _RESOURCES.get(ALSO_COLLECTIONS.get(name, name))
        if resource is None:
            continue
        for one in _rows(given, resource):
            found.setdefault(_place(resource, one), []).append(one)
    for team in found.get("teams", []):
        if isinstance(team, dict) and isinstance(team.get("members"), list):
            found.setdefault("team_members", []).append(team)
    return found


def _rows(given: object, resource: Resource) -> list[Any]:
    """A list of objects, one object, or PagerDuty's response with either under its envelope."""
    if isinstance(given, dict):
        given = given.get(resource.envelope, [given] if "id" in given else [])
    if isinstance(given, dict):
        return [given]
    rows = given if isinstance(given, list) else []
    return [_unwrapped(row, resource.envelope.removesuffix("s")) for row in rows]


def _unwrapped(row: object, envelope: str) -> object:
    inner = row.get(envelope) if isinstance(row, dict) and "id" not in row else None
    return inner if isinstance(inner, dict) else row


def _place(resource: Resource, one: object) -> str:
    """Schedules of the two kinds apart, as PagerDuty's two lists have them."""
    if resource.name not in {"schedules", _V3} or not isinstance(one, dict):
        return resource.name
    final = one.get("final_schedule")
    shifts = isinstance(final, dict) and "computed_shift_assignments" in final
    kind = str(one.get("type", "")).removesuffix("_reference")
    return _V3 if kind == "schedule_v3" or shifts or "rotations" in one else resource.name


def facts_of(
    found: Mapping[str, Sequence[Any]], pseudonyms: Pseudonyms, options: AssessmentOptions
) -> tuple[Facts, dict[str, int]]:
    """Facts, and how many records of which resource could not be read.

    The database is in memory and ends here; nothing but what the collectors declare enters it.
    """
    engine = create_engine("sqlite://", hide_parameters=True)
    Base.metadata.create_all(engine)
    run = CollectionRun(
        id=1,
        epoch_id=bytes(16),
        since=from_microseconds(options.since),
        until=from_microseconds(options.until),
        as_of=from_microseconds(options.as_of),
    )
    skipped: dict[str, int] = {}
    with Session(engine) as session:
        for name, rows in found.items():
            for resource, body, first, owner in _bodies(name, rows, pseudonyms):
                page = decode_page(resource, body, pseudonyms, first=first, owner=owner)
                store_page(session, resource, run, page)
                if page.skipped:
                    skipped[name] = skipped.get(name, 0) + page.skipped
        facts = load_facts(session, run.epoch_id, run)
    engine.dispose()
    return facts, skipped


_Body = tuple[Resource, bytes, int, ObjectId | None]


def _bodies(name: str, rows: Sequence[Any], pseudonyms: Pseudonyms) -> Iterator[_Body]:
    """The responses that PagerDuty would send, a page or an object at a time."""
    resource = _RESOURCES[name]
    if name == _V3:
        detail = _RESOURCES["schedule_v3_details"]
        yield from ((detail, _body(detail, row), 0, None) for row in rows)
    if name == "team_members":
        for team in rows:
            raw = str(team["id"])
            owner = ObjectId(raw, pseudonyms.of("team", raw))
            yield resource, _body(resource, team["members"]), 0, owner
    elif resource.shape is Shape.ONE:
        yield from ((resource, _body(resource, row), 0, None) for row in rows)
    else:
        for first in range(0, len(rows), _PAGE):
            yield resource, _body(resource, rows[first : first + _PAGE]), first, None


def _body(resource: Resource, rows: Iterable[Any]) -> bytes:
    return json.dumps({resource.envelope: rows}).encode()
