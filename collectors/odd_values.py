"""A record with optional values that cannot be read: they become null or ``other``, by name.

A nested record that lacks what it needs is dropped; the record around it stays.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from marshmallow.exceptions import ValidationError
from marshmallow.fields import Field

from collectors.fields import AllowListSchema, Many, One
from collectors.layout import nested_schema
from collectors.numbers import Code, Instant
from collectors.vocabularies import OTHER_WORD

Messages = Mapping[Any, Any]


class Unreadable(Exception):
    """``names``: fields without which the record means nothing."""

    def __init__(self, names: set[str]) -> None:
        self.names = names
        super().__init__("unreadable")


class LenientReader:
    """Loads records by a schema; ``odd`` counts by name what became null or was dropped."""

    def __init__(self, schema: AllowListSchema) -> None:
        self._schema = schema
        self.names: set[str] = set()
        """Every field that could not be read."""
        self.odd: Counter[str] = Counter()
        """Those of them that no vocabulary counts as ``other``."""

    def load(self, record: object) -> Any:
        """The record as ``Schema.load`` returns it. Raises Unreadable."""
        messages: Messages
        try:
            return self._schema.load(record)  # type: ignore[arg-type]
        except ValidationError as error:
            messages = error.messages_dict
        needed = _needed(self._schema, messages)
        if needed is not None:
            raise Unreadable(needed)
        return self._schema.load(self._readable(self._schema, record, messages, ""))

    def _readable(
        self, schema: AllowListSchema, sent: Any, messages: Messages, path: str
    ) -> dict[str, Any]:
        """What was sent, with null, ``other`` or nothing in place of unreadable values."""
        found = dict(sent)
        for name, inner in messages.items():
            field = schema.load_fields[name]
            found[name] = self._replaced(field, sent[name], inner, f"{path}{name}")
        return found

    def _replaced(self, field: Field[Any], sent: Any, messages: Any, path: str) -> Any:
        if isinstance(field, One) and isinstance(sent, dict):
            nested = nested_schema(field)
            if _needed(nested, messages) is None:
                return self._readable(nested, sent, messages, f"{path}.")
        elif isinstance(field, Many) and isinstance(sent, list) and isinstance(messages, Mapping):
            return self._rows(field.row_schema(), sent, messages, path)
        self.names.add(path)
        if isinstance(field, Code):
            return OTHER_WORD
        self.odd[path] += 1
        return None

    def _rows(
        self, schema: AllowListSchema, sent: list[Any], messages: Messages, path: str
    ) -> list[Any]:
        rows = []
        for place, row in enumerate(sent):
            if place not in messages:
                rows.append(row)
                continue
            needed = _needed(schema, messages[place])
            if needed is None:
                rows.append(self._readable(schema, row, messages[place], f"{path}."))
                continue
            self.names |= {f"{path}.{name}" for name in needed} or {path}
            self.odd[path] += 1
        return rows


def _needed(schema: AllowListSchema, messages: object) -> set[str] | None:
    """The unreadable fields without which a record means nothing; None where there are none."""
    fields = schema.load_fields
    if not isinstance(messages, Mapping) or not messages.keys() <= fields.keys():
        return set()  # it is no object at all
    return {name for name in messages if _is_needed(fields[name])} or None


def _is_needed(field: Field[Any]) -> bool:
    return field.required or (isinstance(field, Instant) and field.unbounded)
