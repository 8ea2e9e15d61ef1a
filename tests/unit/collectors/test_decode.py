"""One response to one page: positions, duplicates, gaps, ids, unknown words."""

import json
from typing import Any

import pytest

from collectors.decode import Page, decode_ids, decode_page
from collectors.errors import UnexpectedShape
from collectors.objects import ObjectId
from collectors.pseudonyms import Pseudonyms
from collectors.resource import Resource
from collectors.resources.abilities import ABILITIES
from collectors.resources.escalation_policies import ESCALATION_POLICIES
from collectors.resources.incidents import INCIDENTS
from collectors.resources.log_entries import LOG_ENTRIES
from collectors.resources.oncalls import ONCALLS
from collectors.resources.priorities import PRIORITIES
from collectors.resources.schedule_v3_details import SCHEDULE_V3_DETAILS
from collectors.resources.services import SERVICES
from collectors.resources.team_members import TEAM_MEMBERS
from collectors.resources.teams import TEAMS

NAMES = Pseudonyms(bytes(range(32)))
NAIVE = "2026-03-01T10:00:00"
ZULU = "2026-03-01T10:00:00Z"


def decoded(resource: Resource, content: object, **options: Any) -> Page:
    return decode_page(
        resource, json.dumps({resource.envelope: content}).encode(), NAMES, **options
    )


def incident(identifier: str, created_at: str = ZULU, **more: object) -> dict[str, object]:
    return {"id": identifier, "created_at": created_at, **more}


def teams(*identifiers: str) -> list[dict[str, str]]:
    return [{"id": each, "type": "team_reference"} for each in identifiers]


@pytest.mark.parametrize("created_at", [ZULU, NAIVE], ids=["fast", "slow"])
def test_of_a_repeated_record_only_the_last_counts(created_at: str) -> None:
    page = decoded(
        INCIDENTS,
        [
            incident("PONE", created_at, urgency="high", teams=teams("T1", "T2", "T3")),
            incident("PTWO", created_at),
            incident("PONE", created_at, urgency="low", teams=teams("T4")),
        ],
    )
    assert page.received == 3
    assert {row["id"]: row["urgency"] for row in page.rows["incident"]} == {
        NAMES.of("incident", "PONE"): 2,
        NAMES.of("incident", "PTWO"): None,
    }
    assert page.rows["incident_team"] == [
        {
            "incident_id": NAMES.of("incident", "PONE"),
            "position": 0,
            "id": NAMES.of("team", "T4"),
        }
    ]
    assert page.first_id == page.last_id == NAMES.of("incident", "PONE")


@pytest.mark.parametrize("created_at", [ZULU, NAIVE], ids=["fast", "slow"])
def test_the_first_and_last_id_are_reported(created_at: str) -> None:
    page = decoded(INCIDENTS, [incident(each, created_at) for each in ("PONE", "PTWO", "PSIX")])
    assert page.first_id == NAMES.of("incident", "PONE")
    assert page.last_id == NAMES.of("incident", "PSIX")
    empty = decoded(INCIDENTS, [])
    assert (empty.first_id, empty.last_id, empty.received) == (None, None, 0)


@pytest.mark.parametrize("broken", [0, 1, 2])
def test_an_unreadable_record_at_an_edge_is_not_replaced_by_its_neighbour(broken: int) -> None:
    found = [incident(each) for each in ("PONE", "PTWO", "PSIX")]
    found[broken] = {"id": None}
    page = decoded(INCIDENTS, found)
    assert page.first_id == (None if broken == 0 else NAMES.of("incident", "PONE"))
    assert page.last_id == (None if broken == 2 else NAMES.of("incident", "PSIX"))
    alone = decoded(INCIDENTS, [{"id": None}])
    assert (alone.first_id, alone.last_id) == (None, None)


@pytest.mark.parametrize("created_at", [ZULU, NAIVE], ids=["fast", "slow"])
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("0", 0),
        ("10000", 10_000),
        ("2147483647", 2**31 - 1),
        ("2147483648", None),
        ("-1", None),
        ("9" * 400, None),
        ("9" * 5000, None),
        ("1e400", None),
        ("1.0", None),
        ("true", None),
        ('"7"', None),
        ("NaN", None),
        ("null", None),
    ],
)
def test_an_impossible_total_is_ignored(sent: str, kept: int | None, created_at: str) -> None:
    records = json.dumps([incident("PONE", created_at)])
    body = f'{{"incidents": {records}, "more": true, "total": {sent}}}'
    page = decode_page(INCIDENTS, body.encode(), NAMES)
    assert (page.total, page.more, page.skipped) == (kept, True, 0)


def test_a_position_counts_from_the_offset_and_includes_unreadable_records() -> None:
    page = decoded(PRIORITIES, [{"id": "P1"}, {"name": "no id"}, {"id": "P3"}], first=200)
    assert page.rows["priority"] == [
        {"position": 200, "id": NAMES.of("priority", "P1")},
        {"position": 202, "id": NAMES.of("priority", "P3")},
    ]
    assert (page.received, page.skipped, page.unreadable_fields) == (3, 1, {"id"})


def test_members_belong_to_the_requested_team() -> None:
    owner = ObjectId("PTEAM", NAMES.of("team", "PTEAM"))
    page = decoded(TEAM_MEMBERS, [{"user": {"id": "PU"}, "role": "manager"}], owner=owner, first=5)
    assert page.rows["team_member"] == [
        {
            "team_id": NAMES.of("team", "PTEAM"),
            "position": 5,
            "user_id": NAMES.of("user", "PU"),
            "role": 1,
        }
    ]


def test_words_keep_their_position_and_other_values_are_skipped() -> None:
    page = decoded(ABILITIES, ["teams", "a_feature_of_tomorrow", "sso"])
    assert [(row["position"], row["word"]) for row in page.rows["ability"]] == [
        (0, 3),
        (1, 0),
        (2, 1),
    ]
    assert page.unknown == {"ability.word": 1}
    page = decoded(ABILITIES, ["teams", 7])
    assert (page.received, page.skipped, page.unreadable_fields) == (2, 1, {"word"})


@pytest.mark.parametrize("created_at", [ZULU, NAIVE], ids=["fast", "slow"])
def test_unknown_words_are_kept_as_other_and_counted_by_column(created_at: str) -> None:
    entries = [
        {"id": f"R{n}", "type": kind, "created_at": created_at, "channel": {"type": channel}}
        for n, (kind, channel) in enumerate(
            [("trigger_log_entry", "api"), ("merge_log_entry", "telepathy"), ("x_log_entry", None)]
        )
    ]
    page = decoded(LOG_ENTRIES, entries)
    assert page.unknown == {"log_entry.type": 2, "log_entry.channel_type": 1}
    assert [row["channel_type"] for row in page.rows["log_entry"]] == [3, 0, None]


def test_unknown_words_of_nested_rows_are_counted_under_their_own_table() -> None:
    targets = [{"type": "robot_reference", "id": "PR"}]
    rules = [{"escalation_delay_in_minutes": 5, "targets": targets}]
    page = decoded(ESCALATION_POLICIES, [{"id": "PE", "escalation_rules": rules}])
    assert page.unknown == {"escalation_target.type": 1}


def test_ids_are_returned_only_for_parents() -> None:
    found = [{"id": "PONE"}, {"id": "PTWO"}, {"id": "PONE"}]
    assert [each.raw for each in decoded(TEAMS, found).ids] == ["PONE", "PTWO"]
    assert decoded(TEAMS, found).ids[1].pseudonym == NAMES.of("team", "PTWO")
    assert decoded(SERVICES, found).ids[0].pseudonym == NAMES.of("service", "PONE")
    assert decoded(INCIDENTS, [incident("PONE")]).ids == []
    assert "PONE" not in repr(decoded(TEAMS, found))


@pytest.mark.parametrize("spoil", [{}, {"support_hours": "always"}, {"x": "\ud800"}])
def test_decode_ids_reads_nothing_but_the_ids(spoil: dict[str, str]) -> None:
    found = [{"id": "PONE", "status": "active"} | spoil, {"id": ""}, {"id": "PTWO"}]
    body = json.dumps({"services": found, "more": True, "total": 7}).encode()
    page = decode_ids(SERVICES, body, NAMES)
    assert [(each.raw, each.pseudonym) for each in page.ids] == [
        (raw, NAMES.of("service", raw)) for raw in ("PONE", "PTWO")
    ]
    assert page.rows == {}
    assert (page.received, page.skipped, page.more, page.total) == (3, 1, True, 7)


def test_a_resource_without_ids_of_its_own_cannot_be_a_parent() -> None:
    with pytest.raises(TypeError):
        decode_ids(ONCALLS, b'{"oncalls": []}', NAMES)


def test_one_object_is_one_record() -> None:
    page = decoded(SCHEDULE_V3_DETAILS, {"id": "PS", "time_zone": "UTC"})
    assert (page.received, page.skipped) == (1, 0)
    page = decoded(SCHEDULE_V3_DETAILS, {"time_zone": "UTC"})
    assert (page.received, page.skipped, page.unreadable_fields) == (1, 1, {"id"})
    assert page.rows == {}


@pytest.mark.parametrize("resource", [INCIDENTS, SCHEDULE_V3_DETAILS, ABILITIES])
@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"null", b"{}", b'{"error": {"message": "x"}}', b"[" * 100_000]
)
def test_the_error_of_another_shape_carries_no_value(resource: Resource, body: bytes) -> None:
    with pytest.raises(UnexpectedShape) as caught:
        decode_page(resource, body, NAMES)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    assert resource.envelope in str(caught.value)


@pytest.mark.parametrize(
    ("resource", "content"), [(INCIDENTS, {"id": "P"}), (SCHEDULE_V3_DETAILS, [{"id": "P"}])]
)
def test_a_list_is_not_an_object(resource: Resource, content: object) -> None:
    with pytest.raises(UnexpectedShape):
        decoded(resource, content)


def test_an_oncall_in_two_windows_is_one_record() -> None:
    duty = {
        "escalation_policy": {"id": "PE"},
        "escalation_level": 1,
        "user": {"id": "PU"},
        "schedule": {"id": "PS", "type": "schedule_reference"},
        "start": ZULU,
        "end": None,
    }
    again = duty | {"start": "2026-03-01T05:00:00-05:00"}
    other = [duty | {"escalation_level": 2}, duty | {"user": {"id": "PV"}}, duty | {"start": None}]
    page = decoded(ONCALLS, [duty, again, *other])
    assert page.received == 5
    assert len({row["id"] for row in page.rows["oncall"]}) == len(page.rows["oncall"]) == 4
    assert page.first_id == decoded(ONCALLS, [again]).rows["oncall"][0]["id"]
