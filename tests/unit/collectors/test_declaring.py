"""What cannot be declared: free text, a list of it, a schema that keeps what it does not know."""

from collections.abc import Callable
from typing import Any

import pytest
from marshmallow import INCLUDE, RAISE, Schema, fields

from collectors.fields import AllowListSchema, Id, Many, One
from collectors.layout import layout
from collectors.numbers import Count
from collectors.records import Flattener
from collectors.structs import struct_of

REASON: dict[str, Any] = {"metadata": {"reason": "r"}}
FREE: dict[str, Callable[[], fields.Field[Any]]] = {
    "text": lambda: fields.String(**REASON),
    "anything": lambda: fields.Raw(**REASON),
    "a map": lambda: fields.Dict(**REASON),
    "texts": lambda: fields.List(fields.String(), **REASON),
    "a number of theirs": lambda: fields.Integer(**REASON),
    "an address": lambda: fields.Url(**REASON),
}
WAYS: dict[str, Callable[[type[AllowListSchema]], object]] = {
    "its columns": layout,
    "the fast decoder": struct_of,
    "the slow decoder": lambda schema: Flattener(schema, "mapping"),
}


def _schema(**declared: object) -> type[AllowListSchema]:
    named = {"TABLE": "secrets", "id": Id("service", reason="r", required=True)}
    return type("SecretsSchema", (AllowListSchema,), {**named, **declared})


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", FREE)
def test_a_declaration_with_free_text_is_refused(kind: str, way: str) -> None:
    with pytest.raises(TypeError):
        WAYS[way](_schema(title=FREE[kind]()))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", FREE)
def test_free_text_in_a_nested_object_is_refused(kind: str, way: str) -> None:
    inner = type("InnerSchema", (AllowListSchema,), {"title": FREE[kind]()})
    with pytest.raises(TypeError):
        WAYS[way](_schema(service=One(inner, reason="r")))


@pytest.mark.parametrize("way", ["its columns", "the fast decoder"])
def test_free_text_in_the_rows_of_a_list_is_refused(way: str) -> None:
    row = type("RowSchema", (AllowListSchema,), {"TABLE": "rows", "title": fields.String(**REASON)})
    with pytest.raises(TypeError):
        WAYS[way](_schema(rows=Many(row, reason="r")))


@pytest.mark.parametrize("unknown", [INCLUDE, RAISE])
def test_a_schema_that_reads_unknown_fields_is_refused(unknown: str) -> None:
    meta = type("Meta", (), {"unknown": unknown})
    with pytest.raises(TypeError, match="SecretsSchema does not drop"):
        struct_of(_schema(Meta=meta))


def test_a_schema_of_another_library_is_refused() -> None:
    plain = type("Plain", (Schema,), {"count": Count(reason="r")})
    for way in WAYS.values():
        with pytest.raises(TypeError, match="Plain is not an allow-list schema"):
            way(_schema(inner=One(plain, reason="r")))


def test_an_id_without_a_kind_needs_a_type_beside_it() -> None:
    inner = {"id": Id(None, reason="r"), "type": Count(reason="r")}
    nested = type("InnerSchema", (AllowListSchema,), inner)
    with pytest.raises(TypeError, match="an id without a kind needs a type beside it"):
        Flattener(_schema(service=One(nested, reason="r")), "mapping")
