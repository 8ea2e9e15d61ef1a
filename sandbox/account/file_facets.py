"""What objects from a file are selected by: time and team."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

from sandbox import instants
from sandbox.account.listing import Json

TIMES = {"incidents": "created_at", "log_entries": "created_at", "change_events": "timestamp"}

Teams = Callable[[Json], Collection[str]]


def oldest_first(rows: list[Json], key: str) -> tuple[list[Json], list[int]]:
    """Entries of one instant keep the order they have in the file, read forwards in time."""

    def moment(row: Json) -> int:
        return instants.parse(str(row[key]))

    newest_first = bool(rows) and moment(rows[0]) > moment(rows[-1])
    ordered = sorted(rows[::-1] if newest_first else rows, key=moment)
    return ordered, [moment(row) for row in ordered]


def span(row: Json, *keys: str) -> tuple[int | None, int | None]:
    """Two instants of a row, None where it has none."""
    start, end = (instants.parse(str(row[key])) if row.get(key) else None for key in keys)
    return start, end


def id_of(reference: object) -> str:
    return str(reference.get("id")) if isinstance(reference, Mapping) else ""


def _ids(references: object) -> list[str]:
    return [id_of(one) for one in cast("list[object]", references or [])]


def team_ids(name: str, objects: Mapping[str, Any]) -> Teams:
    """Teams of an object; an incident has its service's, a log entry its incident's."""
    if name == "teams":
        return lambda row: [str(row["id"])]

    def own(row: Json) -> list[str]:
        return _ids(row.get("teams")) or ([id_of(row["team"])] if row.get("team") else [])

    services = {str(one["id"]): own(one) for one in objects.get("services", [])}
    policies = {str(one["id"]): own(one) for one in objects.get("escalation_policies", [])}
    incidents = {
        str(one["id"]): own(one) or services.get(id_of(one.get("service")), [])
        for one in objects.get("incidents", [])
    }

    def found(row: Json) -> list[str]:
        if "escalation_level" in row:
            return policies.get(id_of(row.get("escalation_policy")), [])
        named = [id_of(row.get("service")), *_ids(row.get("services"))]
        through = [team for one in named for team in services.get(one, [])]
        return own(row) or through or incidents.get(id_of(row.get("incident")), [])

    return found
