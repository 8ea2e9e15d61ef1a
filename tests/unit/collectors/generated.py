"""Records as PagerDuty might send them, generated from what each schema declares."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from collectors.fields import AllowListSchema, Id, Many, One
from collectors.layout import nested_schema
from collectors.numbers import Code, Count, Days, Flag, Instant, TimeOfDay, TypedCode, Whole
from collectors.resource import Resource, Shape

CANARY = "CNRYguarantee"
Strategy = st.SearchStrategy[Any]

IDS = st.one_of(
    *(st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=n, max_size=n) for n in (7, 14, 26))
)
_ZONES = st.sampled_from([UTC, timezone(timedelta(hours=-5)), timezone(timedelta(minutes=345))])


def _written(moment: datetime, digits: int) -> str:
    """With the given number of digits of a second, also more than a microsecond has."""
    text = moment.replace(microsecond=0).isoformat()
    seconds, offset = text[:19], text[19:].replace("+00:00", "Z")
    fraction = f"{moment.microsecond:06}789"[:digits]
    return f"{seconds}.{fraction}{offset}" if digits else f"{seconds}{offset}"


INSTANTS = st.builds(
    _written,
    st.datetimes(datetime(2001, 1, 1), datetime(2090, 1, 1), timezones=_ZONES),  # noqa: DTZ001 - hypothesis wants naive bounds
    st.sampled_from([0, 0, 3, 6, 9]),
)
_INSTANTS_OF_OTHERS = ["2026-03-01T10:00:00", "2026-03-01t10:00:00z", "20260301T100000Z"]
_TEXTS = ["", "resolved", "user_reference", "P1X", "25:00", "09:30\n", CANARY]
ODD: Strategy = st.sampled_from(
    [None, 7, -1, 2**31, 1.0, True, [], [7], {}, *_TEXTS, *_INSTANTS_OF_OTHERS]
)


def _words(field: Code) -> Strategy:
    words = st.sampled_from([*field.codes, "a_word_of_tomorrow", CANARY])
    if not isinstance(field, TypedCode):
        return words
    typed = st.fixed_dictionaries({"type": words})
    return words | typed | st.lists(typed, max_size=2)


def well_formed(field: object) -> Strategy:
    """What PagerDuty documents for a field."""
    if isinstance(field, One):
        return objects(nested_schema(field), well_formed)
    if isinstance(field, Many):
        return st.lists(objects(field.row_schema(), well_formed), max_size=2)
    if isinstance(field, Code):
        return _words(field)
    clock = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
    kinds: dict[type, Strategy] = {
        Id: IDS,
        Instant: INSTANTS,
        Whole: st.integers(-10, 2**31 - 1),
        Flag: st.booleans(),
        TimeOfDay: clock | clock.map("{}:59".format) | st.just("24:00:00"),
        Days: st.lists(st.integers(1, 7), max_size=8),
        Count: st.lists(st.fixed_dictionaries({"summary": st.just(CANARY)}), max_size=3),
    }
    return kinds[type(field)]


def odd(field: object) -> Strategy:
    """The same, or something else altogether."""
    if isinstance(field, One):
        return objects(nested_schema(field), odd) | ODD
    if isinstance(field, Many):
        return st.lists(objects(field.row_schema(), odd), max_size=2) | ODD
    return st.integers(0, 9).flatmap(lambda dice: well_formed(field) if dice else ODD)


def objects(schema: AllowListSchema, kind: Any) -> Strategy:
    """Objects of a schema: any optional field may be null or absent, and more is sent."""
    required: dict[str, Strategy] = {}
    optional: dict[str, Strategy] = {
        "title": st.just(CANARY),
        "summary": st.just(CANARY),
        "body": st.just({"details": [CANARY]}),
    }
    for name, field in schema.load_fields.items():
        if field.required:
            required[name] = kind(field)
        else:
            optional[name] = st.none() | kind(field)
    return st.fixed_dictionaries(required, optional=optional)


def contents(resource: Resource, kind: Any) -> Strategy:
    """What the envelope of a response contains."""
    schema = resource.schema()
    if resource.shape is Shape.WORDS:
        return st.lists(kind(next(iter(schema.load_fields.values()))), max_size=4)
    one = objects(schema, kind)
    return one if resource.shape is Shape.ONE else st.lists(one, max_size=4)


def body(resource: Resource, content: object, **beside: object) -> bytes:
    """The response as bytes, with its envelope and a text that is not declared."""
    return json.dumps({resource.envelope: content, "note": CANARY, **beside}).encode()
