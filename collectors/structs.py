"""Fast twins of the schemas: msgspec structs generated from them at import.

They decode from bytes: a field that is not declared never becomes a Python object.
"""

from functools import cache
from typing import Any

import msgspec
from marshmallow.fields import Field

from collectors.fields import AllowListSchema, Id, Many, One
from collectors.layout import nested_schema
from collectors.numbers import Number


def _twin(field: Field[object]) -> Any:
    if isinstance(field, Id | Number):
        return field.TWIN
    if isinstance(field, One):
        return struct_of(type(nested_schema(field)))
    if isinstance(field, Many):
        return list[struct_of(field.row_schema)]  # type: ignore[misc]
    raise TypeError(f"{type(field).__name__} has no fast twin")


@cache
def struct_of(schema: type[AllowListSchema]) -> type[msgspec.Struct]:
    """The struct that decodes what ``schema`` declares.

    Raises TypeError for a field without a twin, and for a schema that reads unknown fields.
    """
    declared = schema()
    if declared.unknown != "exclude":
        raise TypeError(f"{schema.__name__} does not drop unknown fields")
    required: list[Any] = []
    optional: list[Any] = []
    for name, field in declared.load_fields.items():
        if field.required:
            required.append((name, _twin(field)))
        else:
            optional.append((name, _twin(field) | None, None))
    name = schema.__name__.removesuffix("Schema")
    return msgspec.defstruct(name, required + optional, gc=False, frozen=True)
