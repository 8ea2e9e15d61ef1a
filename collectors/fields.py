"""The kinds of field a resource may declare: there is none for free text."""

from datetime import UTC
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate
from marshmallow.exceptions import ValidationError

from collectors.vocabularies import OTHER, Vocabulary

MAX_ID_LENGTH = 64
MAX_WHOLE = 2**31 - 1
"""What an INTEGER column holds on every database."""


class AllowListSchema(Schema):
    """What is not declared is never read. ``TABLE`` names the table its records go to."""

    TABLE: str = ""

    class Meta:
        unknown = EXCLUDE


def _options(reason: str, *, required: bool) -> dict[str, Any]:
    if required:
        return {"required": True, "metadata": {"reason": reason}}
    return {"allow_none": True, "load_default": None, "metadata": {"reason": reason}}


class Id(fields.String):
    """An opaque id, kept only as a pseudonym of ``kind``.

    ``kind=None``: the sibling field ``type`` says what the id belongs to.
    """

    def __init__(self, kind: str | None, *, reason: str, required: bool = False) -> None:
        self.kind = kind
        super().__init__(
            validate=validate.Length(min=1, max=MAX_ID_LENGTH),
            **_options(reason, required=required),
        )


class Instant(fields.AwareDateTime):
    """An ISO 8601 time, kept as microseconds since 1970 UTC; without an offset it is UTC."""

    def __init__(self, *, reason: str, required: bool = False) -> None:
        super().__init__(format="iso", default_timezone=UTC, **_options(reason, required=required))


class Whole(fields.Integer):
    """A whole number."""

    def __init__(self, *, reason: str, required: bool = False) -> None:
        bounds = validate.Range(min=-MAX_WHOLE, max=MAX_WHOLE)
        super().__init__(strict=True, validate=bounds, **_options(reason, required=required))


class Code(fields.Field[int]):
    """A word of a closed vocabulary, kept as its number; an unknown word becomes ``other``."""

    def __init__(self, vocabulary: Vocabulary, *, reason: str, required: bool = False) -> None:
        self.vocabulary = vocabulary
        self.codes = vocabulary.codes()
        super().__init__(**_options(reason, required=required))

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> int:
        if not isinstance(value, str):
            raise ValidationError("Not a word.")
        return self.codes.get(value, OTHER)


class One(fields.Nested):
    """One nested object; its fields become columns named ``<field>_<nested field>``."""

    def __init__(self, schema: type[AllowListSchema] | AllowListSchema, *, reason: str) -> None:
        super().__init__(schema, **_options(reason, required=False))


class Many(fields.List[Any]):
    """A list of nested objects; each becomes a row of the nested schema's own table."""

    def __init__(self, schema: type[AllowListSchema], *, reason: str) -> None:
        self.row_schema = schema
        super().__init__(fields.Nested(schema), **_options(reason, required=False))


def reference(kind: str, *, reason: str) -> One:
    """A PagerDuty reference object of which the id alone is kept."""
    name = f"{kind.title().replace('_', '')}Reference"
    identifier = Id(kind, reason=reason)
    return One(type(name, (AllowListSchema,), {"id": identifier}), reason=reason)
