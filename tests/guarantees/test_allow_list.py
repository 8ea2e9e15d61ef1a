"""Nothing but the allow-list: what is not declared has nowhere to go."""

import re
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import fields as marshmallow_fields
from sqlalchemy import BigInteger, CheckConstraint, Integer, LargeBinary, SmallInteger, Table

from app.models import RECORD_TABLES, Base
from app.reports.privacy import privacy_page
from collectors.decode import Page, decode_page
from collectors.envelope import EnvelopeDecoder, decoder_of
from collectors.fields import AllowListSchema, Derived, Id, Many, One
from collectors.layout import layout, nested_schema
from collectors.manifest import COLLECTED, RESOURCES, manifest, manifest_hash
from collectors.numbers import Number
from collectors.objects import ObjectId
from collectors.pseudonyms import Pseudonyms
from collectors.records import Flattener, Rows
from collectors.resource import Resource, Shape
from collectors.structs import struct_of
from tests.unit.collectors.generated import CANARY, body, contents, odd, well_formed

KEY = bytes(range(32))
OWNER = ObjectId("PTEAM01", b"o" * 16)
by_name = pytest.mark.parametrize("resource", COLLECTED, ids=lambda resource: resource.name)


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
        assert isinstance(field, Id | Derived | Number | One | Many), f"{name} could carry text"
        text = isinstance(field, marshmallow_fields.String)
        assert not text or isinstance(field, Id), f"{name} could carry text"


def test_every_resource_says_what_is_lost_without_it() -> None:
    for resource in RESOURCES:
        assert resource.without.endswith("."), resource.name
        assert resource.parent is None or "{id}" in resource.path


@pytest.mark.parametrize("table", RECORD_TABLES.values(), ids=lambda table: table.name)
def test_no_column_of_a_collected_table_has_a_text_type(table: Table) -> None:
    for column in table.columns:
        number = isinstance(column.type, BigInteger | Integer | SmallInteger)
        pseudonym = isinstance(column.type, LargeBinary) and column.type.length == 16
        assert number or pseudonym, f"{column.name} is {column.type}"
        if pseudonym and column.name != "epoch_id":
            assert f"length({column.name}) = 16" in _checks(table)


@by_name
def test_every_closed_column_is_closed_in_the_database(resource: Resource) -> None:
    for each in layout(resource.schema):
        for column in each.columns:
            if column.storage in {"code", "flag", "time_of_day", "days"}:
                assert column.highest, column.path
                within = f"{column.name} BETWEEN 0 AND {column.highest}"
                assert within in _checks(RECORD_TABLES[each.name])


def _checks(table: Table) -> set[str]:
    return {str(check.sqltext) for check in table.constraints if isinstance(check, CheckConstraint)}


def test_every_table_that_knows_an_epoch_and_is_not_declared_here_is_a_record_table() -> None:
    ours = {"token", "collection_run", "window", "assessment", "purge", "budget", "circuit"}
    ours |= {"window_object", "api_request", "figure_release"}
    with_epoch = {table.name for table in Base.metadata.tables.values() if "epoch_id" in table.c}
    assert with_epoch - ours == set(RECORD_TABLES)


def test_every_column_of_a_record_table_is_in_the_manifest() -> None:
    declared = {
        (field["table"], field["column"])
        for resource in manifest()["resources"]
        for field in resource["fields"]
    }
    for resource in COLLECTED:
        for number, each in enumerate(layout(resource.schema)):
            bookkeeping = {"epoch_id", "run_id", *each.keys} | (set() if number else {"deleted_at"})
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


def test_people_are_listed_only_by_an_extension_that_says_so() -> None:
    resources = {each["name"]: each for each in manifest()["resources"]}
    assert [name for name, each in resources.items() if each["extension"]] == ["users"]
    assert {field["name"] for field in resources["users"]["fields"]} == {"id", "time_zone"}
    page = privacy_page(manifest(), manifest_hash())
    assert "## GET /users\n\n**An extension: requested only where the client allowed it" in page


def test_only_renderings_and_assignment_strategies_are_included() -> None:
    included = {value for each in RESOURCES for value in each.fixed_values().get("include[]", ())}
    assert included == {
        "final_schedule",
        "overrides_subschedule",
        "escalation_rule_assignment_strategies",
    }


def _decoded(resource: Resource, sent: bytes, *, slow: bool) -> Page:
    """By the fast way or, as if it had refused, by the slow one."""
    with patch.object(EnvelopeDecoder, "fast", (lambda *_: None) if slow else EnvelopeDecoder.fast):
        return decode_page(resource, sent, Pseudonyms(KEY), first=300, owner=OWNER)


@by_name
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_fast_way_takes_what_pagerduty_documents_and_keeps_what_the_schema_keeps(
    resource: Resource, data: st.DataObject
) -> None:
    sent = body(resource, data.draw(contents(resource, well_formed)), more=True, total=12)
    assert decoder_of(resource, resource.schema).fast(sent) is not None
    page = _decoded(resource, sent, slow=False)
    assert page == _decoded(resource, sent, slow=True)
    assert page.skipped == 0
    assert CANARY not in repr(page)


@by_name
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_both_ways_keep_the_same_of_odd_answers_and_nothing_else(
    resource: Resource, data: st.DataObject
) -> None:
    response = data.draw(contents(resource, odd))
    page = _decoded(resource, body(resource, response), slow=False)
    assert page == _decoded(resource, body(resource, response), slow=True)
    found = [response] if resource.shape is Shape.ONE else response
    assert page.received == len(found)
    assert CANARY not in repr(page)
    if resource.shape is not Shape.WORDS and resource.schema.KEYS == ("id",):
        _keeps_what_is_as_declared(resource, found, page)


def _keeps_what_is_as_declared(resource: Resource, found: list[object], page: Page) -> None:
    """What is nowhere odd, is kept as the schema alone keeps it; what is odd may be kept too."""
    schema = resource.schema()
    declared = [each for each in found if not schema.validate(each)]  # type: ignore[arg-type]
    strict = _loaded_one_by_one(resource, declared)
    if len(declared) == len(found):
        assert page.rows == strict
    odd = [each.get("id") for each in found if isinstance(each, dict) and each not in declared]
    again = any(isinstance(each, dict) and each.get("id") in odd for each in declared)
    if not again:
        for table, rows in strict.items():
            assert all(row in page.rows[table] for row in rows)


def _loaded_one_by_one(resource: Resource, found: list[object]) -> Rows:
    """By the schema alone, as marshmallow loads it; of the same record twice the last."""
    rows: Rows = {}
    flatten, schema = Flattener(resource.schema, "mapping"), resource.schema()
    kept: dict[object, object] = {}
    for each in found:
        loaded = schema.load(each)  # type: ignore[arg-type]
        row = flatten.add(loaded, Pseudonyms(KEY), {}, {})
        kept[row["id"]] = loaded
    for loaded in kept.values():
        flatten.add(loaded, Pseudonyms(KEY), rows, {})
    return rows


@by_name
def test_the_fast_struct_knows_the_declared_fields_only(resource: Resource) -> None:
    def names(struct: type[msgspec.Struct]) -> set[str]:
        return {field.encode_name for field in msgspec.structs.fields(struct)}

    declared = set(resource.schema().load_fields)
    assert names(struct_of(resource.schema)) == declared
    assert decoder_of(resource, resource.schema).declared == declared
