"""Bytes to records. A field that is not declared is dropped here, before any other code sees it."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from collectors.calls import Call
from collectors.envelope import Envelope, decoder_of
from collectors.errors import UnexpectedShape
from collectors.fields import AllowListSchema, Id
from collectors.manifest import PARENTS
from collectors.objects import ObjectId
from collectors.pseudonyms import Pseudonyms
from collectors.records import Record, Rows
from collectors.resource import Resource, Shape
from collectors.vocabularies import OTHER


@dataclass(slots=True)
class Page:
    """One sanitised response. ``rows`` maps a table to its records, each once."""

    rows: Rows = field(default_factory=dict)
    received: int = 0
    """How many PagerDuty sent, with the unreadable ones and those sent twice."""
    skipped: int = 0
    unreadable_fields: set[str] = field(default_factory=set)
    """Names of declared fields that could not be read; never their values."""
    unknown: Counter[str] = field(default_factory=Counter)
    """``table.column`` to the number of words that are not in its vocabulary, and the name of a
    field to the number of its values that could not be read."""
    ids: list[ObjectId] = field(default_factory=list)
    """The ids of the objects, where another resource requests each of them."""
    first_id: bytes | None = None
    last_id: bytes | None = None
    """Pseudonyms of the first and the last record sent: they show a list that moved while paged.

    None where that record has no id, or could not be read; its neighbour does not replace it.
    """
    more: bool | None = None
    """Whether PagerDuty states that another page follows; None where it states nothing."""
    total: int | None = None
    call: Call | None = field(default=None, compare=False, repr=False)
    """The request that brought it."""


def decode_page(
    resource: Resource,
    body: bytes,
    pseudonyms: Pseudonyms,
    *,
    first: int = 0,
    owner: ObjectId | None = None,
) -> Page:
    """Decode one response.

    ``first`` is the place of its first record in PagerDuty's list, ``owner`` the object that was
    requested. Raises UnexpectedShape if the envelope itself is not as declared.
    """
    schema = resource.schema
    envelope, page = _read(resource, schema, body)
    above: Record = {}
    if owner is not None and schema.OWNER is not None:
        above[f"{schema.OWNER}_id"] = owner.pseudonym
    if "position" in schema.KEYS:
        own = _in_order(envelope, pseudonyms, page, above, first)
    else:
        own = _once(envelope, pseudonyms, page, above)
        if resource.name in PARENTS:
            page.ids = _objects(envelope, own)
    page.first_id, page.last_id = _edges(envelope, own)
    for table, column in decoder_of(resource, schema).codes:
        unknown = sum(row[column] == OTHER for row in page.rows.get(table, ()))
        if unknown:
            page.unknown[f"{table}.{column}"] = unknown
    return page


def decode_ids(resource: Resource, body: bytes, pseudonyms: Pseudonyms) -> Page:
    """The ids of a list and nothing else, to request its objects. Raises UnexpectedShape."""
    envelope, page = _read(resource, _id_schema(resource.schema), body)
    page.ids = _objects(envelope, _once(envelope, pseudonyms, page, {}))
    page.rows.clear()
    return page


@cache
def _id_schema(schema: type[AllowListSchema]) -> type[AllowListSchema]:
    identifier = schema().fields["id"]
    if not isinstance(identifier, Id):
        raise TypeError(f"{schema.__name__} has no PagerDuty id")
    kept = Id(identifier.kind, reason="request the object by itself", required=True)
    return type("IdSchema", (AllowListSchema,), {"id": kept})


def _read(resource: Resource, schema: type[AllowListSchema], body: bytes) -> tuple[Envelope, Page]:
    decoder = decoder_of(resource, schema)
    envelope = decoder.fast(body) or decoder.slow(body)
    if envelope is None:
        what = "object" if resource.shape is Shape.ONE else "list"
        raise UnexpectedShape(resource.name, f"no {what} {resource.envelope!r}")
    page = Page(
        received=len(envelope.records),
        skipped=sum(record is None for record in envelope.records),
        unreadable_fields=envelope.unreadable_fields,
        unknown=envelope.odd,
        more=envelope.more,
        total=envelope.total,
    )
    return envelope, page


def _in_order(
    envelope: Envelope, pseudonyms: Pseudonyms, page: Page, above: Record, first: int
) -> list[Record]:
    """Keep records under their place in PagerDuty's list; an unreadable one leaves a gap."""
    return [
        envelope.flatten.add(record, pseudonyms, page.rows, above | {"position": place})
        for place, record in enumerate(envelope.records, first)
        if record is not None
    ]


def _once(envelope: Envelope, pseudonyms: Pseudonyms, page: Page, above: Record) -> list[Record]:
    """Keep each record once; of one that is twice on the page, the last with its nested records.

    Returns a row for each readable record, also for those that are not kept.
    """
    records = [record for record in envelope.records if record is not None]
    add = envelope.flatten.add
    own = [add(record, pseudonyms, page.rows, above) for record in records]
    last = dict(zip((row["id"] for row in own), records, strict=True))
    if len(last) < len(records):
        page.rows = {}
        for record in last.values():
            add(record, pseudonyms, page.rows, above)
    return own


def _objects(envelope: Envelope, own: list[Record]) -> list[ObjectId]:
    readable = (record for record in envelope.records if record is not None)
    found = {
        pseudonym: ObjectId(envelope.flatten.identifier(record), pseudonym)
        for record, row in zip(readable, own, strict=True)
        if (pseudonym := _pseudonym(row)) is not None
    }
    return list(found.values())


def _edges(envelope: Envelope, own: list[Record]) -> tuple[bytes | None, bytes | None]:
    records = envelope.records
    first = _pseudonym(own[0]) if records and records[0] is not None else None
    last = _pseudonym(own[-1]) if records and records[-1] is not None else None
    return first, last


def _pseudonym(row: Record) -> bytes | None:
    found = row.get("id")
    return found if isinstance(found, bytes) else None
