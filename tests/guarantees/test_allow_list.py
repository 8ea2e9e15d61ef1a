"""Nothing but the allow-list: what is not declared has nowhere to go."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import fields as marshmallow_fields
from sqlalchemy import BigInteger, Integer, LargeBinary, SmallInteger, Table

from app.models import RECORD_TABLES, Base
from app.reports.privacy import privacy_page
from collectors.decode import decode_page, decoder_of
from collectors.fields import AllowListSchema, Id, Many, One
from collectors.layout import layout, nested_schema
from collectors.manifest import COLLECTED, RESOURCES, manifest, manifest_hash
from collectors.pseudonyms import Pseudonyms
from collectors.records import Flattener, Rows
from collectors.resource import Resource
from collectors.structs import struct_of

KEY = bytes(range(32))
CANARY = "CNRYguarantee"


def _schemas(schema: AllowListSchema) -> Iterator[AllowListSchema]:
    yield schema
    for field in schema.fields.values():
        if isinstance(field, One):
            yield from _schemas(nested_schema(field))
        elif isinstance(field, Many):
            yield from _schemas(field.row_schema())


ALL_SCHEMAS = [schema for resource in RESOURCES for schema in _schemas(resource.schema())]


@pytest.mark.parametrize("schema", ALL_SCHEMAS, ids=lambda schema: type(schema).__name__)
def test_every_schema_drops_what_it_does_not_declare(schema: AllowListSchema) -> None:
    assert schema.unknown == "exclude"
    for name, field in schema.fields.items():
        assert field.metadata["reason"], name
        text = isinstance(field, marshmallow_fields.String)
        assert not text or isinstance(field, Id), f"{name} could carry text"


@pytest.mark.parametrize("table", RECORD_TABLES.values(), ids=lambda table: table.name)
def test_no_collected_table_can_hold_text(table: Table) -> None:
    for column in table.columns:
        number = isinstance(column.type, BigInteger | Integer | SmallInteger)
        pseudonym = isinstance(column.type, LargeBinary) and column.type.length == 16
        assert number or pseudonym, f"{column.name} is {column.type}"
        if pseudonym and column.name != "epoch_id":
            checks = {str(getattr(check, "sqltext", "")) for check in table.constraints}
            assert f"length({column.name}) = 16" in checks


def test_every_table_that_knows_an_epoch_and_is_not_declared_here_is_a_record_table() -> None:
    ours = {"token", "collection_run", "window", "assessment", "purge"}
    with_epoch = {table.name for table in Base.metadata.tables.values() if "epoch_id" in table.c}
    assert with_epoch - ours == set(RECORD_TABLES)


def test_every_column_of_a_record_table_is_in_the_manifest() -> None:
    declared = {
        (field["table"], field["column"])
        for resource in manifest()["resources"]
        for field in resource["fields"]
    }
    for resource in COLLECTED:
        for each in layout(resource.schema):
            bookkeeping = {"epoch_id", "run_id", *each.keys}
            for column in RECORD_TABLES[each.name].columns:
                assert (each.name, column.name) in declared or column.name in bookkeeping


def test_the_published_page_is_what_is_enforced() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "privacy.md"
    assert page.read_text() == privacy_page(manifest(), manifest_hash())


def test_a_changed_declaration_changes_the_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    before = manifest_hash()
    assert re.fullmatch("[0-9a-f]{64}", before)
    monkeypatch.setattr("collectors.manifest.RESOURCES", RESOURCES[:-1])
    assert manifest_hash() != before


def _value(field: object) -> st.SearchStrategy[object]:
    if isinstance(field, One):
        return st.none() | _objects(nested_schema(field))
    if isinstance(field, Many):
        return st.none() | st.lists(_objects(field.row_schema()), max_size=2)
    instants = st.datetimes().map(lambda moment: moment.isoformat() + "Z")
    odd = st.sampled_from(
        [None, 7, -1, "resolved", "escalate_log_entry", "user_reference", "P1X", "", CANARY, True]
    )
    return instants | odd


def _objects(schema: AllowListSchema) -> st.SearchStrategy[object]:
    declared = {name: _value(field) for name, field in schema.fields.items()}
    foreign = {"title": st.just(CANARY), "summary": st.just(CANARY), "x": st.just({"y": [CANARY]})}
    return st.fixed_dictionaries({}, optional=declared | foreign)


@st.composite
def _pages(draw: st.DrawFn) -> tuple[Resource, list[object]]:
    resource = draw(st.sampled_from(COLLECTED))
    return resource, draw(st.lists(_objects(resource.schema()), max_size=4))


@settings(max_examples=150, deadline=None)
@given(_pages())
def test_fast_and_slow_decoding_keep_the_same_and_nothing_else(
    page: tuple[Resource, list[object]],
) -> None:
    resource, objects = page
    pseudonyms = Pseudonyms(KEY)
    body = json.dumps({resource.envelope: objects, "more": False, "note": CANARY}).encode()
    decoded = decode_page(resource, body, pseudonyms)
    expected = _loaded_one_by_one(resource, objects, pseudonyms)
    assert decoded.rows == expected
    assert CANARY not in repr(decoded)
    assert decoded.received == len(objects)


def _loaded_one_by_one(resource: Resource, objects: list[object], pseudonyms: Pseudonyms) -> Rows:
    """By the schema alone, as marshmallow loads it."""
    rows: Rows = {}
    flatten = Flattener(resource.schema, "mapping")
    schema = resource.schema()
    for each in objects:
        if not schema.validate(each):  # type: ignore[arg-type]
            flatten.add(schema.load(each), pseudonyms, rows)  # type: ignore[arg-type]
    return rows


@pytest.mark.parametrize("resource", COLLECTED, ids=lambda resource: resource.name)
def test_the_fast_struct_knows_the_declared_fields_only(resource: Resource) -> None:
    def names(struct: type[msgspec.Struct]) -> set[str]:
        return {field.encode_name for field in msgspec.structs.fields(struct)}

    assert names(struct_of(resource.schema)) == set(resource.schema().fields)
    assert decoder_of(resource).declared == set(resource.schema().fields)
