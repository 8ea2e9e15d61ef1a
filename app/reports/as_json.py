"""A report as JSON, streamed."""

import json
from collections.abc import Iterator, Mapping
from typing import Any


def as_json(document: Mapping[str, Any]) -> Iterator[str]:
    """The document in pieces of text; a number that JSON cannot say is an error, not ``NaN``."""
    yield from json.JSONEncoder(indent=2, ensure_ascii=False, allow_nan=False).iterencode(document)
    yield "\n"
