"""The shape of an example: what its file may contain, as data, as JSON Schema and as a check."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from typing import Any

from app.assessment.options import AssessmentOptions
from app.examples.names import COLLECTIONS, PARAMETERS, PLAIN_PARAMETERS
from app.examples.tables import CELL, CONTAINER

EXAMPLE = ("id", "title", "covers", "note", "params", "inputs", "expected")
REQUIRED = ("id", "expected")
ENTRY = ("value", "tol", "unit", "metric", "kind", "how", "note")
TABLES = ("table_1", "table_2", "dominance_groups")
PLAIN = (
    "ack_baseline",
    "ack_followup",
    "durations_baseline_s",
    "durations_followup_s",
    "weekly_incidents",
)
_OPTIONS = {each.name for each in fields(AssessmentOptions)} - {"narrowed", "seed"}
PARAMS = tuple(sorted({*_OPTIONS, *PARAMETERS, *PLAIN_PARAMETERS, "business", "sleep"}))
INPUTS = tuple(sorted({*COLLECTIONS, *TABLES, *PLAIN}))

Json = dict[str, Any]


def faults(example: object) -> list[str]:
    """What keeps an example from being one, in words; empty where nothing does."""
    if not isinstance(example, Mapping):
        return ["it is no object"]
    found = [f"{name} is missing" for name in REQUIRED if name not in example]
    found += _unknown("", example, EXAMPLE)
    for name, allowed in (("params", PARAMS), ("inputs", INPUTS)):
        found += _object(name, example.get(name, {}), allowed)
    if "expected" in example:
        found += _expected(example["expected"])
    inputs = example.get("inputs")
    if isinstance(inputs, Mapping):
        for name in TABLES:
            found += _table(f"inputs.{name}", inputs.get(name, {}))
    return found


def _unknown(path: str, given: Mapping[str, Any], allowed: Collection[str]) -> list[str]:
    return [
        f"{path}{name} is no field of an example"
        for name in sorted(map(str, given))
        if name not in allowed
    ]


def _object(path: str, given: object, allowed: Collection[str]) -> list[str]:
    if not isinstance(given, Mapping):
        return [f"{path} is no object"]
    return _unknown(f"{path}.", given, allowed)


def _expected(given: object) -> list[str]:
    if not isinstance(given, Mapping):
        return ["expected is no object"]
    if not given:
        return ["nothing is expected"]
    found = []
    for key, entry in given.items():
        found += _object(f"expected.{key}", entry, ENTRY)
        if isinstance(entry, Mapping) and "value" not in entry:
            found.append(f"expected.{key}.value is missing")
        if isinstance(entry, Mapping) and type(entry.get("tol", 0)) not in (int, float):
            found.append(f"expected.{key}.tol is no number")
    return found


def _table(path: str, given: object) -> list[str]:
    return [f for row_path, row in _rows(path, given) for f in _unknown(f"{row_path}.", row, CELL)]


def _rows(path: str, given: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The rows of a table that are objects: a list's, or those under their group's name."""
    if isinstance(given, list):
        pairs: list[tuple[object, object]] = list(enumerate(given))
    elif isinstance(given, Mapping):
        pairs = list(given.items())
    else:
        return
    for name, row in pairs:
        if name in CONTAINER:
            yield from _rows(f"{path}.{name}", row)
        elif isinstance(row, Mapping):
            yield f"{path}.{name}", row


def schema() -> Json:
    """The same as JSON Schema; it stands in docs/examples.schema.json."""
    anything: Json = {}
    row = {"type": "object", "properties": CELL, "additionalProperties": False}
    cell = {"oneOf": [{"type": "number"}, row]}
    table = {
        "description": "Rows with their group's name, or an object of rows by group.",
        "oneOf": [
            {"type": "array", "items": row},
            {
                "type": "object",
                "properties": {name: {"$ref": "#/$defs/table"} for name in CONTAINER},
                "additionalProperties": {
                    "oneOf": [cell, {"type": "array", "items": {"type": "number"}}]
                },
            },
        ],
    }
    inputs: Json = dict.fromkeys(INPUTS, anything) | {
        name: {"$ref": "#/$defs/table"} for name in TABLES
    }
    entry = {
        "type": "object",
        "required": ["value"],
        "properties": dict.fromkeys(ENTRY, anything) | {"tol": {"type": "number"}},
        "additionalProperties": False,
    }
    example = {
        "type": "object",
        "required": list(REQUIRED),
        "properties": dict.fromkeys(EXAMPLE, anything)
        | {
            "params": _closed(dict.fromkeys(PARAMS, anything)),
            "inputs": _closed(inputs),
            "expected": {"type": "object", "minProperties": 1, "additionalProperties": entry},
        },
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Examples of Tacit",
        "description": (
            "What `tacit examples FILE` takes. Objects of a collection have PagerDuty's own shape; "
            "everything else is closed: an unknown field is an error of its example."
        ),
        "type": "object",
        "required": ["examples"],
        "properties": {"examples": {"type": "array", "minItems": 1, "items": example}},
        "$defs": {"table": table},
    }


def _closed(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "additionalProperties": False}
