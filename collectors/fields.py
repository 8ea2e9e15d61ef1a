"""The fields of a declared schema: ids, nested objects and numbers. None accepts free text."""

from typing import Annotated, Any, ClassVar

import msgspec
from marshmallow import EXCLUDE, Schema, fields, validate

from collectors.numbers import options

MAX_ID_LENGTH = 64


class AllowListSchema(Schema):
    """A field that is not declared is never read.

    ``TABLE`` names the table of its records; ``KEYS`` the columns that, after the epoch, identify a
    record there: its ``id``, or ``position``, its place in PagerDuty's list. ``OWNER`` is the kind
    of the requested object, where the response does not repeat it: the key column is
    ``<kind>_id``.
    """

    TABLE: str = ""
    KEYS: tuple[str, ...] = ("id",)
    OWNER: str | None = None

    class Meta:
        unknown = EXCLUDE


class Id(fields.String):
    """An opaque id, kept only as a pseudonym of ``kind``.

    ``kind=None``: the sibling field ``type`` states the kind.
    """

    TWIN: ClassVar[Any] = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_ID_LENGTH)]

    def __init__(self, kind: str | None, *, reason: str, required: bool = False) -> None:
        self.kind = kind
        super().__init__(
            validate=validate.Length(min=1, max=MAX_ID_LENGTH),
            **options(reason, required=required),
        )


class Derived(fields.Field[bytes]):
    """The id of a record that PagerDuty gives none: a pseudonym of columns beside it."""

    def __init__(self, kind: str, of: tuple[str, ...], *, reason: str) -> None:
        self.kind = kind
        self.of = of
        super().__init__(dump_only=True, metadata={"reason": reason})


class One(fields.Nested):
    """One nested object; its fields become columns named ``<field>_<nested field>``."""

    def __init__(self, schema: type[AllowListSchema] | AllowListSchema, *, reason: str) -> None:
        super().__init__(schema, **options(reason, required=False))


class Many(fields.List[Any]):
    """A list of nested objects; each becomes a row of the nested schema's own table."""

    def __init__(self, schema: type[AllowListSchema], *, reason: str) -> None:
        self.row_schema = schema
        super().__init__(fields.Nested(schema), **options(reason, required=False))


def reference(kind: str, *, reason: str) -> One:
    """A PagerDuty reference object; only its id is kept."""
    name = f"{kind.title().replace('_', '')}Reference"
    identifier = Id(kind, reason=reason)
    return One(type(name, (AllowListSchema,), {"id": identifier}), reason=reason)


def listed(table: str, kind: str, *, reason: str) -> Many:
    """A list of reference objects; each becomes a row of ``table`` with the id alone."""
    name = f"{table.title().replace('_', '')}Reference"
    row = type(name, (AllowListSchema,), {"TABLE": table, "id": Id(kind, reason=reason)})
    return Many(row, reason=reason)
