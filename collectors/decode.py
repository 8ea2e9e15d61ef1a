"""Bytes to records. What is not declared ceases to exist here, before anything else sees it."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from collectors.answers import Answer, decoder_of
from collectors.calls import Call
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
    """One answer, sanitised. ``rows`` maps a table to its records, each once."""

    rows: Rows = field(default_factory=dict)
    received: int = 0
    """How many PagerDuty sent; unreadable ones, and one that it sent twice, are counted."""
    skipped: int = 0
    skipped_fields: set[str] = field(default_factory=set)
    """Names of declared fields that made a record unreadable; never their values."""
    unknown: Counter[str] = field(default_factory=Counter)
    """``table.column`` to how often it held a word that is not in its vocabulary."""
    ids: list[ObjectId] = field(default_factory=list)
    """The objects themselves, where another resource asks for each of them."""
    first_id: bytes | None = None
    last_id: bytes | None = None
    """Pseudonyms of the first and the last record sent: they tell a list that moved while paged.

    None where it has no id, or could not be read; its neighbour does not stand in for it.
    """
    more: bool | None = None
    """Whether PagerDuty says that another page follows; None where it says nothing."""
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
    """Decode one answer.

    ``first`` is the place of its first record in PagerDuty's list, ``owner`` the object that was
    asked for. Raises UnexpectedShape if the envelope itself is not as declared.
    """
    schema = resource.schema
    answer, page = _read(resource, schema, body)
    above: Record = {}
    if owner is not None and schema.OWNER is not None:
        above[f"{schema.OWNER}_id"] = owner.pseudonym
    if "position" in schema.KEYS:
        own = _in_order(answer, pseudonyms, page, above, first)
    else:
        own = _once(answer, pseudonyms, page, above)
        if resource.name in PARENTS:
            page.ids = _objects(answer, own)
    page.first_id, page.last_id = _edges(answer, own)
    for table, column in decoder_of(resource, schema).codes:
        unknown = sum(row[column] == OTHER for row in page.rows.get(table, ()))
        if unknown:
            page.unknown[f"{table}.{column}"] = unknown
    return page


def decode_ids(resource: Resource, body: bytes, pseudonyms: Pseudonyms) -> Page:
    """The ids of a list and nothing else, to ask for its objects; raises UnexpectedShape."""
    answer, page = _read(resource, _id_schema(resource.schema), body)
    page.ids = _objects(answer, _once(answer, pseudonyms, page, {}))
    page.rows.clear()
    return page


@cache
def _id_schema(schema: type[AllowListSchema]) -> type[AllowListSchema]:
    identifier = schema().fields["id"]
    if not isinstance(identifier, Id):
        raise TypeError(f"{schema.__name__} has no id of PagerDuty's")
    kept = Id(identifier.kind, reason="ask for the object by itself", required=True)
    return type("IdSchema", (AllowListSchema,), {"id": kept})


def _read(resource: Resource, schema: type[AllowListSchema], body: bytes) -> tuple[Answer, Page]:
    decoder = decoder_of(resource, schema)
    answer = decoder.fast(body) or decoder.slow(body)
    if answer is None:
        what = "object" if resource.shape is Shape.ONE else "list"
        raise UnexpectedShape(resource.name, f"no {what} {resource.envelope!r}")
    page = Page(
        received=len(answer.records),
        skipped=sum(record is None for record in answer.records),
        skipped_fields=answer.skipped_fields,
        more=answer.more,
        total=answer.total,
    )
    return answer, page


def _in_order(
    answer: Answer, pseudonyms: Pseudonyms, page: Page, above: Record, first: int
) -> list[Record]:
    """Keep records under their place in PagerDuty's list; an unreadable one leaves a hole."""
    return [
        answer.flatten.add(record, pseudonyms, page.rows, above | {"position": place})
        for place, record in enumerate(answer.records, first)
        if record is not None
    ]


def _once(answer: Answer, pseudonyms: Pseudonyms, page: Page, above: Record) -> list[Record]:
    """Keep each record once; of one that stands twice on the page, the last and what it nests.

    Returns a row for each readable record, also for those that are not kept.
    """
    records = [record for record in answer.records if record is not None]
    add = answer.flatten.add
    own = [add(record, pseudonyms, page.rows, above) for record in records]
    last = dict(zip((row["id"] for row in own), records, strict=True))
    if len(last) < len(records):
        page.rows = {}
        for record in last.values():
            add(record, pseudonyms, page.rows, above)
    return own


def _objects(answer: Answer, own: list[Record]) -> list[ObjectId]:
    readable = (record for record in answer.records if record is not None)
    found = {
        pseudonym: ObjectId(answer.flatten.identifier(record), pseudonym)
        for record, row in zip(readable, own, strict=True)
        if (pseudonym := _pseudonym(row)) is not None
    }
    return list(found.values())


def _edges(answer: Answer, own: list[Record]) -> tuple[bytes | None, bytes | None]:
    records = answer.records
    first = _pseudonym(own[0]) if records and records[0] is not None else None
    last = _pseudonym(own[-1]) if records and records[-1] is not None else None
    return first, last


def _pseudonym(row: Record) -> bytes | None:
    found = row.get("id")
    return found if isinstance(found, bytes) else None
