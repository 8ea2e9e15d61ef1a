"""Each kind of field: what it accepts, and the number it keeps."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from marshmallow.exceptions import ValidationError

from collectors.envelope import EnvelopeDecoder
from collectors.fields import AllowListSchema
from collectors.numbers import Code, Count, Days, Flag, Instant, TimeOfDay, TypedCode, Whole, Zone
from collectors.pseudonyms import Pseudonyms
from collectors.records import Rows
from collectors.resource import Resource, Shape
from collectors.vocabularies import STATUS
from collectors.zones import ZONE, iana_name

MINUTE = 60 * 1_000_000
NOON = int(datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()) * 1_000_000


class OneOfEachSchema(AllowListSchema):
    TABLE = "one_of_each"
    KEYS = ("position",)

    instant = Instant(reason="r")
    whole = Whole(reason="r")
    code = Code(STATUS, reason="r")
    typed = TypedCode(STATUS, reason="r")
    zone = Zone(reason="r")
    flag = Flag(reason="r")
    time_of_day = TimeOfDay(reason="r")
    days = Days(reason="r")
    count = Count(reason="r")


RESOURCE = Resource(
    name="one_of_each",
    path="/x",
    scope="none",
    purpose="p.",
    without="w.",
    schema=OneOfEachSchema,
    envelope="it",
    shape=Shape.ONE,
)
DECODER = EnvelopeDecoder(RESOURCE, OneOfEachSchema)


def kept(sent: Mapping[str, Any], *, fast: bool) -> Mapping[str, Any]:
    body = json.dumps({"it": sent}).encode()
    envelope = DECODER.fast(body) if fast else DECODER.slow(body)
    assert envelope is not None
    rows: Rows = {}
    return envelope.flatten.add(envelope.records[0], Pseudonyms(bytes(32)), rows, {"position": 0})


@pytest.mark.parametrize("fast", [True, False], ids=["fast", "slow"])
@pytest.mark.parametrize(
    ("field", "sent", "stored"),
    [
        ("instant", "2026-03-01T12:00:00Z", NOON),
        ("instant", "2026-03-01T07:00:00-05:00", NOON),
        ("instant", "2026-03-01T12:00:00.000001+00:00", NOON + 1),
        ("instant", "1969-12-31T23:59:00Z", -MINUTE),
        ("whole", -5, -5),
        ("whole", 2**31 - 1, 2**31 - 1),
        ("code", "acknowledged", 2),
        ("code", "a word of tomorrow", 0),
        ("typed", "resolved", 3),
        ("typed", {"type": "resolved", "name": "x"}, 3),
        ("typed", [{"type": "resolved"}], 3),
        ("typed", [], None),
        ("zone", "Europe/Paris", ZONE.codes()["Europe/Paris"]),
        ("zone", "Mars/Olympus Mons", 0),
        ("zone", "", None),
        ("zone", " ", None),
        ("flag", True, 1),
        ("flag", False, 0),
        ("time_of_day", "00:00", 0),
        ("time_of_day", "09:30:15", 9 * 3600 + 30 * 60 + 15),
        ("time_of_day", "24:00", 86400),
        ("days", [1, 2, 3, 4, 5], 0b0011111),
        ("days", [7, 7], 0b1000000),
        ("days", [], 0),
        ("count", [{"id": "P1", "summary": "x"}, {}], 2),
        ("count", [], 0),
    ],
)
def test_the_fast_and_the_slow_decoder_store_the_same_number(
    field: str, sent: object, stored: int | None, *, fast: bool
) -> None:
    assert kept({field: sent}, fast=fast)[field] == stored


@pytest.mark.parametrize("fast", [True, False], ids=["fast", "slow"])
def test_null_and_absent_stay_null(*, fast: bool) -> None:
    nulls = dict.fromkeys(OneOfEachSchema().fields)
    assert set(kept(nulls, fast=fast).values()) == {None, 0}
    assert kept({}, fast=fast) == {**nulls, "position": 0}


@pytest.mark.parametrize(
    ("field", "sent", "stored"),
    [
        ("instant", "2026-03-01T12:00:00", NOON),
        ("instant", "20260301T120000Z", NOON),
        ("instant", "20260301T070000-0500", NOON),
        ("count", ["P1", None, 3], 3),
    ],
)
def test_the_slow_decoder_reads_values_that_the_fast_one_refuses(
    field: str, sent: object, stored: int
) -> None:
    assert DECODER.fast(json.dumps({"it": {field: sent}}).encode()) is None
    assert kept({field: sent}, fast=False)[field] == stored


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("instant", "yesterday"),
        ("instant", 1772366400),
        ("whole", 1.5),
        ("whole", "7"),
        ("whole", True),
        ("whole", 2**31),
        ("code", 7),
        ("code", ["resolved"]),
        ("typed", {"kind": "resolved"}),
        ("flag", 1),
        ("flag", "true"),
        ("time_of_day", "24:01"),
        ("time_of_day", "9:30"),
        ("time_of_day", "09:30\n"),
        ("time_of_day", "٠٩:٣٠"),
        ("days", [0]),
        ("days", [8]),
        ("days", ["Monday"]),
        ("count", 3),
        ("count", {"a": 1}),
    ],
)
def test_both_decoders_refuse_other_values_and_the_error_carries_none(
    field: str, sent: object
) -> None:
    assert DECODER.fast(json.dumps({"it": {field: sent}}).encode()) is None
    with pytest.raises(ValidationError) as caught:
        OneOfEachSchema().load({field: sent})
    assert caught.value.messages_dict == {field: ["Not as declared."]}
    causes = repr((caught.value.__context__, caught.value.__cause__))
    assert str(sent) not in causes.replace("Not as declared.", "")


def test_both_names_of_a_zone_map_to_the_iana_name() -> None:
    codes = ZONE.codes()
    assert iana_name(codes["America/New_York"]) == "America/New_York"
    assert iana_name(codes["Eastern Time (US & Canada)"]) == "America/New_York"
    assert iana_name(0) is None
    assert iana_name(None) is None
