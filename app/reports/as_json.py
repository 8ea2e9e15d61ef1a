"""A report as JSON, streamed."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def as_json(document: Mapping[str, Any]) -> Iterator[str]:
    """The document in pieces of text, each record of a list on a line of its own.

    A number that JSON cannot represent is an error, not ``NaN``.
    """
    # Indenting every level would take the encoder written in C out of use, and four times as long.
    opening = "{"
    for name, value in document.items():
        yield f"{opening}\n{_ENCODER.encode(name)}: "
        yield from _lines(value) if isinstance(value, list) else [_ENCODER.encode(value)]
        opening = ","
    yield "\n}\n" if document else "{}\n"


def _lines(records: list[Any]) -> Iterator[str]:
    opening = "["
    for record in records:
        yield f"{opening}\n{_ENCODER.encode(record)}"
        opening = ","
    yield "\n]" if records else "[]"
