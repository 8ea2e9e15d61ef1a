"""The envelope of one response: decoded at once, or record by record where that fails."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import msgspec

from collectors.fields import AllowListSchema
from collectors.layout import layout
from collectors.numbers import MAX_WHOLE
from collectors.odd_values import LenientReader, Unreadable
from collectors.records import Flattener
from collectors.resource import Resource, Shape
from collectors.structs import struct_of

_MOST_DIGITS = 20


@dataclass(slots=True)
class Envelope:
    """The records of one response, in PagerDuty's order; None for one that could not be read."""

    records: list[Any]
    flatten: Flattener
    more: bool | None
    total: int | None
    unreadable_fields: set[str] = field(default_factory=set)
    odd: Counter[str] = field(default_factory=Counter)
    """Unreadable optional values by field: they are null, or their nested record is dropped."""


class EnvelopeDecoder:
    """Reads the responses of one resource by one schema."""

    def __init__(self, resource: Resource, schema: type[AllowListSchema]) -> None:
        self.envelope, self.shape = resource.envelope, resource.shape
        self.schema = schema()
        self.declared = frozenset(self.schema.load_fields)
        self.struct = struct_of(schema)
        self.decoder = msgspec.json.Decoder(self._type())
        self.structs = Flattener(schema, "struct")
        self.mappings = Flattener(schema, "mapping")
        self.codes = [
            (table.name, column.name)
            for table in layout(schema)
            for column in table.columns
            if column.vocabulary
        ]

    def _type(self) -> type[msgspec.Struct]:
        found: Any = {
            Shape.LIST: list[self.struct],  # type: ignore[name-defined]
            Shape.ONE: self.struct,
            Shape.WORDS: list[str],
        }[self.shape]
        beside: list[Any] = [("more", bool | None, None), ("total", int | None, None)]
        return msgspec.defstruct("Envelope", [(self.envelope, found), *beside])

    def fast(self, body: bytes) -> Envelope | None:
        """All records at once; None where the response is not exactly as declared."""
        # The error contains parts of the payload: it must not leave this block.
        try:
            decoded: Any = self.decoder.decode(body)
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            return None
        found = getattr(decoded, self.envelope)
        if self.shape is Shape.ONE:
            found = [found]
        elif self.shape is Shape.WORDS:
            found = [self.struct(word) for word in found]
        return Envelope(found, self.structs, decoded.more, _total(decoded.total))

    def slow(self, body: bytes) -> Envelope | None:
        """Record by record, by the schema alone; None where the envelope is not as declared.

        One odd record, or one odd letter in a text that is not kept, must not lose the page; one
        odd optional value must not lose its record.
        """
        try:
            sent = json.loads(body.decode("utf-8", "replace"), parse_int=_number)
        except (ValueError, RecursionError):
            return None
        found = sent.get(self.envelope) if isinstance(sent, dict) else None
        if not isinstance(found, dict if self.shape is Shape.ONE else list):
            return None
        if self.shape is Shape.ONE:
            found = [found]
        elif self.shape is Shape.WORDS:
            found = [dict.fromkeys(self.declared, word) for word in found]
        more, total = sent.get("more"), sent.get("total")
        more = more if isinstance(more, bool) else None
        reader = LenientReader(self.schema)
        records = [_load(reader, record) for record in found]
        return Envelope(
            records=records,
            flatten=self.mappings,
            more=more,
            total=_total(total),
            unreadable_fields=reader.names,
            odd=reader.odd,
        )


def _load(reader: LenientReader, record: object) -> Any:
    try:
        return reader.load(record)
    except Unreadable as error:
        reader.names |= error.names
        return None


def _total(sent: object) -> int | None:
    """How many records there are in all; None for an impossible number."""
    return sent if type(sent) is int and 0 <= sent <= MAX_WHOLE else None


def _number(digits: str) -> int | float:
    # Python refuses to read thousands of digits; no kept number has so many.
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)


_DECODERS: dict[tuple[str, type[AllowListSchema]], EnvelopeDecoder] = {}


def decoder_of(resource: Resource, schema: type[AllowListSchema]) -> EnvelopeDecoder:
    """The decoder of a resource's responses by a schema, built once."""
    key = (resource.name, schema)
    if key not in _DECODERS:
        _DECODERS[key] = EnvelopeDecoder(resource, schema)
    return _DECODERS[key]
