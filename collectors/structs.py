"""Fast twins of the schemas: msgspec structs generated from them at import.

They decode straight from bytes: what is not declared never becomes a Python object.
"""

from datetime import datetime
from functools import cache
from typing import Annotated, Any

import msgspec
from marshmallow.fields import Field

from collectors.fields import (
    MAX_ID_LENGTH,
    MAX_WHOLE,
    AllowListSchema,
    Code,
    Id,
    Instant,
    Many,
    One,
    Whole,
)
from collectors.layout import nested_schema

_ID = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_ID_LENGTH)]
_WHOLE = Annotated[int, msgspec.Meta(ge=-MAX_WHOLE, le=MAX_WHOLE)]
_INSTANT = Annotated[datetime, msgspec.Meta(tz=True)]


def _twin(field: Field[object]) -> Any:
    if isinstance(field, Id):
        return _ID
    if isinstance(field, Instant):
        return _INSTANT
    if isinstance(field, Code):
        return str
    if isinstance(field, Whole):
        return _WHOLE
    if isinstance(field, One):
        return struct_of(type(nested_schema(field)))
    if isinstance(field, Many):
        return list[struct_of(field.row_schema)]  # type: ignore[misc]
    raise TypeError(f"{type(field).__name__} has no fast twin")


@cache
def struct_of(schema: type[AllowListSchema]) -> type[msgspec.Struct]:
    """The struct that decodes what ``schema`` declares.

    Raises TypeError for a field without a twin and for a schema that keeps unknown fields.
    """
    declared = schema()
    if declared.unknown != "exclude":
        raise TypeError(f"{schema.__name__} does not drop what it does not know")
    required: list[Any] = []
    optional: list[Any] = []
    for name, field in declared.fields.items():
        if field.required:
            required.append((name, _twin(field)))
        else:
            optional.append((name, _twin(field) | None, None))
    name = schema.__name__.removesuffix("Schema")
    return msgspec.defstruct(name, required + optional, gc=False, frozen=True)
