"""Hostile content loses its record, or its page, and nothing else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow.fields import Field

from collectors.decode import Page, decode_ids, decode_page
from collectors.errors import UnexpectedShape
from collectors.fields import AllowListSchema, Many, One
from collectors.layout import layout, nested_schema
from collectors.manifest import PARENTS, RESOURCES
from collectors.pseudonyms import PSEUDONYM_BYTES, Pseudonyms
from collectors.resource import Resource, Shape
from collectors.resources.log_entries import LOG_ENTRIES
from collectors.resources.services import SERVICES
from tests.unit.collectors.generated import well_formed

NAMES = Pseudonyms(bytes(range(32)))
RAW = {
    "<deep>": b"[" * 20_000 + b"]" * 20_000,
    "<digits>": b"9" * 5_000,
    "<exponent>": b"1e400",
    "<pair>": b'"\\ud83d\\ude00"',
}
"""JSON that Python does not write."""
TEXTS = (
    "\ud800",
    "2026-03-01T10:00:0\udfff",
    "PX\udc00",
    "\x00",
    "",
    "x" * 70_000,
    "1" * 5_000,
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59.999999-23:59",
    "9999-12-31T24:00:00Z",
    "2026-02-30T00:00:00Z",
    "24:00",
    *RAW,
)
NUMBERS = (0, -1, 0.5, 1e308, 2**31, 2**63, 2**64, 10**400, float("nan"), float("-inf"))
SCALARS = st.sampled_from([None, True, *NUMBERS, *TEXTS])
HOSTILE: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "\ud800", "start"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def _value(field: Field[Any]) -> st.SearchStrategy[Any]:
    if isinstance(field, One):
        return HOSTILE | _objects(nested_schema(field))
    if isinstance(field, Many):
        return HOSTILE | st.lists(_objects(field.row_schema()), max_size=2)
    return HOSTILE | well_formed(field)


def _objects(schema: AllowListSchema) -> st.SearchStrategy[Any]:
    declared = {name: _value(field) for name, field in schema.load_fields.items()}
    more = {"\ud800": HOSTILE, "title": HOSTILE}
    return st.fixed_dictionaries({}, optional=declared | more)


def _body(resource: Resource, content: object, **beside: object) -> bytes:
    body = json.dumps({resource.envelope: content, **beside}).encode()
    for name, raw in RAW.items():
        body = body.replace(json.dumps(name).encode(), raw)
    return body


def _fits(resource: Resource, page: Page) -> None:
    for table in layout(resource.schema):
        columns = {column.name: column for column in table.columns}
        for row in page.rows.get(table.name, []):
            for name, value in row.items():
                highest = columns[name].highest if name in columns else None
                if isinstance(value, bytes):
                    assert len(value) == PSEUDONYM_BYTES
                elif value is not None:
                    assert type(value) is int
                    assert -(2**63) <= value < 2**63
                    assert highest is None or 0 <= value <= highest


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda each: each.name)
@given(data=st.data())
def test_a_hostile_response_raises_only_unexpected_shape(
    resource: Resource, data: st.DataObject
) -> None:
    if resource.shape is Shape.WORDS:
        records = st.lists(HOSTILE, max_size=3)
    elif resource.shape is Shape.ONE:
        records = _objects(resource.schema()) | HOSTILE
    else:
        records = st.lists(_objects(resource.schema()) | HOSTILE, max_size=3)
    content = data.draw(records)
    body = _body(resource, content, more=data.draw(HOSTILE), total=data.draw(HOSTILE))
    ways = [decode_page, decode_ids] if resource.name in PARENTS else [decode_page]
    for decode in ways:
        try:
            page = decode(resource, body, NAMES)
        except UnexpectedShape:
            continue
        assert page.received == (len(content) if isinstance(content, list) else 1)
        assert page.total is None or 0 <= page.total < 2**31
        _fits(resource, page)


ODD = [*TEXTS[:5], *TEXTS[7:10], 10**400, float("inf"), ["<digits>"], "<digits>"]


@pytest.mark.parametrize("sent", ODD, ids=lambda sent: ascii(sent)[:24])
@pytest.mark.parametrize(
    ("resource", "kind", "field"),
    [
        (LOG_ENTRIES, "log_entry", "created_at"),
        (LOG_ENTRIES, "log_entry", "type"),
        (SERVICES, "service", "created_at"),
    ],
    ids=["log entry's time", "log entry's type", "service's time"],
)
def test_an_unreadable_record_does_not_lose_its_neighbour(
    resource: Resource, kind: str, field: str, sent: object
) -> None:
    good = {"id": "P1", "type": "notify_log_entry", "created_at": "2026-03-01T10:00:00Z"}
    page = decode_page(resource, _body(resource, [good | {"id": "P2", field: sent}, good]), NAMES)
    assert page.received == 2
    assert NAMES.of(kind, "P1") in {row["id"] for row in page.rows[resource.schema.TABLE]}
