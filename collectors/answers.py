"""The two ways into one answer: the fast one, and record by record where it refuses."""

import json
from dataclasses import dataclass, field
from typing import Any

import msgspec
from marshmallow.exceptions import ValidationError

from collectors.fields import AllowListSchema
from collectors.layout import layout
from collectors.numbers import MAX_WHOLE
from collectors.records import Flattener
from collectors.resource import Resource, Shape
from collectors.structs import struct_of

_MOST_DIGITS = 20


@dataclass(slots=True)
class Answer:
    """The records of one answer, in PagerDuty's order; None for one that could not be read."""

    records: list[Any]
    flatten: Flattener
    more: bool | None
    total: int | None
    skipped_fields: set[str] = field(default_factory=set)


class Decoder:
    """Reads the answers of one resource by one schema."""

    def __init__(self, resource: Resource, schema: type[AllowListSchema]) -> None:
        self.envelope, self.shape = resource.envelope, resource.shape
        self.schema = schema()
        self.declared = frozenset(self.schema.load_fields)
        self.struct = struct_of(schema)
        self.whole = msgspec.json.Decoder(self._answer_type())
        self.structs = Flattener(schema, "struct")
        self.mappings = Flattener(schema, "mapping")
        self.codes = [
            (table.name, column.name)
            for table in layout(schema)
            for column in table.columns
            if column.vocabulary
        ]

    def _answer_type(self) -> type[msgspec.Struct]:
        found: Any = {
            Shape.LIST: list[self.struct],  # type: ignore[name-defined]
            Shape.ONE: self.struct,
            Shape.WORDS: list[str],
        }[self.shape]
        beside: list[Any] = [("more", bool | None, None), ("total", int | None, None)]
        return msgspec.defstruct("Answer", [(self.envelope, found), *beside])

    def fast(self, body: bytes) -> Answer | None:
        """The whole answer at once; None where it is not exactly as declared."""
        # The error would hold parts of the payload: it dies inside this block.
        try:
            decoded: Any = self.whole.decode(body)
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            return None
        found = getattr(decoded, self.envelope)
        if self.shape is Shape.ONE:
            found = [found]
        elif self.shape is Shape.WORDS:
            found = [self.struct(word) for word in found]
        return Answer(found, self.structs, decoded.more, _total(decoded.total))

    def slow(self, body: bytes) -> Answer | None:
        """Record by record, by the schema alone; None where the envelope is not as declared.

        One odd record, or one odd letter in a text that is not even kept, must not cost the page.
        """
        try:
            told = json.loads(body.decode("utf-8", "replace"), parse_int=_whole)
        except (ValueError, RecursionError):
            return None
        found = told.get(self.envelope) if isinstance(told, dict) else None
        if not isinstance(found, dict if self.shape is Shape.ONE else list):
            return None
        if self.shape is Shape.ONE:
            found = [found]
        elif self.shape is Shape.WORDS:
            found = [dict.fromkeys(self.declared, word) for word in found]
        more, total = told.get("more"), told.get("total")
        more = more if isinstance(more, bool) else None
        answer = Answer([], self.mappings, more, _total(total))
        for record in found:
            answer.records.append(self._load(record, answer))
        return answer

    def _load(self, record: object, answer: Answer) -> Any:
        try:
            return self.schema.load(record)  # type: ignore[arg-type]
        except ValidationError as error:
            answer.skipped_fields |= self.declared & set(error.messages_dict)
            return None


def _total(told: object) -> int | None:
    """How many records there are in all, where that can be."""
    return told if type(told) is int and 0 <= told <= MAX_WHOLE else None


def _whole(digits: str) -> int | float:
    # Python refuses to read thousands of digits: nothing that is kept has so many.
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)


_DECODERS: dict[tuple[str, type[AllowListSchema]], Decoder] = {}


def decoder_of(resource: Resource, schema: type[AllowListSchema]) -> Decoder:
    """The decoder of a resource's answers by a schema, built once."""
    key = (resource.name, schema)
    if key not in _DECODERS:
        _DECODERS[key] = Decoder(resource, schema)
    return _DECODERS[key]
