"""Bytes to records. What is not declared ceases to exist here, before anything else sees it."""

import json
from dataclasses import dataclass, field
from typing import Any

import msgspec
from marshmallow.exceptions import ValidationError

from collectors.errors import UnexpectedShape
from collectors.pseudonyms import Pseudonyms
from collectors.records import Flattener, Rows
from collectors.resource import Resource
from collectors.structs import struct_of


@dataclass(slots=True)
class Page:
    """One answer, sanitised. ``rows`` maps a table to its records."""

    rows: Rows = field(default_factory=dict)
    received: int = 0
    skipped: int = 0
    skipped_fields: set[str] = field(default_factory=set)
    """Names of declared fields that made a record unreadable; never their values."""
    more: bool | None = None
    """Whether PagerDuty says that another page follows; None where it says nothing."""
    total: int | None = None


class _Decoder:
    """The two ways into one resource: the fast one, and record by record when it refuses."""

    def __init__(self, resource: Resource) -> None:
        struct = struct_of(resource.schema)
        self.envelope = resource.envelope
        self.schema = resource.schema()
        self.declared = frozenset(self.schema.fields)
        self.whole = msgspec.json.Decoder(self._page_type(list[struct]))  # type: ignore[valid-type]
        self.one = msgspec.json.Decoder(msgspec.defstruct("One", [(self.envelope, struct)]))
        self.structs = Flattener(resource.schema, "struct")
        self.mappings = Flattener(resource.schema, "mapping")

    def _page_type(self, records: Any) -> type[msgspec.Struct]:
        return msgspec.defstruct(
            "Page",
            [(self.envelope, records), ("more", bool | None, None), ("total", int | None, None)],
        )


_DECODERS: dict[str, _Decoder] = {}


def decoder_of(resource: Resource) -> _Decoder:
    """The decoder of a resource, built once."""
    if resource.name not in _DECODERS:
        _DECODERS[resource.name] = _Decoder(resource)
    return _DECODERS[resource.name]


def decode_page(resource: Resource, body: bytes, pseudonyms: Pseudonyms) -> Page:
    """Decode one page. Raises UnexpectedShape if the envelope itself is not as declared."""
    decoder = decoder_of(resource)
    page = Page()
    decoded = _try(decoder.whole, body)
    if decoded is not None:
        records = getattr(decoded, decoder.envelope)
        for record in records:
            decoder.structs.add(record, pseudonyms, page.rows)
        page.received = len(records)
        page.more, page.total = decoded.more, decoded.total
    elif not _record_by_record(decoder, body, pseudonyms, page):
        raise UnexpectedShape(resource.name, f"no list {decoder.envelope!r}")
    return page


def decode_one(resource: Resource, body: bytes, pseudonyms: Pseudonyms) -> Rows:
    """Decode an answer that holds a single object; raises UnexpectedShape."""
    decoder = decoder_of(resource)
    decoded = _try(decoder.one, body)
    if decoded is None:
        raise UnexpectedShape(resource.name, f"no object {decoder.envelope!r}")
    rows: Rows = {}
    decoder.structs.add(getattr(decoded, decoder.envelope), pseudonyms, rows)
    return rows


def _try(decoder: msgspec.json.Decoder[Any], body: bytes) -> Any:
    # The error would hold parts of the payload: it dies inside this block.
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return None


def _record_by_record(decoder: _Decoder, body: bytes, pseudonyms: Pseudonyms, page: Page) -> bool:
    """The slow way, by the schema alone; False where the envelope is not as declared.

    One odd record, or one odd letter in a text that is not even kept, must not cost the page.
    """
    try:
        answer = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return False
    records = answer.get(decoder.envelope) if isinstance(answer, dict) else None
    if not isinstance(records, list):
        return False
    page.received = len(records)
    more, total = answer.get("more"), answer.get("total")
    page.more = more if isinstance(more, bool) else None
    page.total = total if type(total) is int else None
    for record in records:
        _load_one(decoder, record, pseudonyms, page)
    return True


def _load_one(decoder: _Decoder, record: Any, pseudonyms: Pseudonyms, page: Page) -> None:
    rows: Rows = {}
    try:
        loaded = decoder.schema.load(record)
    except ValidationError as error:
        page.skipped += 1
        page.skipped_fields |= decoder.declared & set(error.messages_dict)
        return
    decoder.mappings.add(loaded, pseudonyms, rows)
    for table, found in rows.items():
        page.rows.setdefault(table, []).extend(found)
