"""What users of other tools reported, tried here; docs/field-reports.md lists the reports."""

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.unit.examples.own_examples import (
    U1,
    WEEK,
    at,
    entry,
    example,
    incident,
    layered,
    policy,
    service,
    turn,
    user,
)
from tests.unit.examples.test_examples import lines, run

Json = dict[str, Any]
SPRING = {
    "since": "2024-03-25T08:00:00Z",
    "until": "2024-04-08T07:00:00Z",
    "time_zone": "Europe/Berlin",
}
AUTUMN = {
    "since": "2024-10-21T07:00:00Z",
    "until": "2024-11-04T08:00:00Z",
    "time_zone": "Europe/Berlin",
}


def _duty(params: Json, schedules: list[Json], expected: Json, **more: list[Json]) -> Json:
    inputs = {
        "services": [service("S1")],
        "escalation_policies": [policy("PS1")],
        "schedules": schedules,
        **more,
    }
    return example("field", params, inputs, expected)


def _weekly(params: Json, days: tuple[str, str, str], offsets: tuple[str, str, str]) -> Json:
    first, second, third = (
        f"{day}T09:00:00{offset}" for day, offset in zip(days, offsets, strict=True)
    )
    turns = [turn("U1", first, second), turn("U2", second, third)]
    schedule = layered("PS1", ["U1", "U2"], turns, []) | {"time_zone": "Europe/Berlin"}
    hours = {"+01:00+02:00": 167, "+02:00+01:00": 169}[offsets[0] + offsets[1]]
    expected = {
        "schedule_gap_h": {"PS1": 0},
        "schedule_gap_count": {"PS1": 0},
        "policy_uncovered_h": {"P1": 0},
        "double_duty_h": 0,
        "handoffs": 1,
        "oncall_h": {"U1": hours, "U2": 168},
    }
    return _duty(params, [schedule], expected)


WEEKS_OF_THE_CLOCK_CHANGE = [
    _weekly(SPRING, ("2024-03-25", "2024-04-01", "2024-04-08"), ("+01:00", "+02:00", "+02:00")),
    _weekly(AUTUMN, ("2024-10-21", "2024-10-28", "2024-11-04"), ("+02:00", "+01:00", "+01:00")),
]
AN_HOUR_SHORT_OF_A_WEEK = _duty(
    WEEK | {"until": "2024-06-17T00:00:00Z"},
    [
        layered(
            "PS1",
            ["U1", "U2"],
            [
                turn("U1", at("05:00:00"), at("04:00:00", 10)),
                turn("U2", at("05:00:00", 10), at("00:00:00", 17)),
            ],
            [],
        )
    ],
    {"schedule_gap_h": {"PS1": 6}, "schedule_gap_count": {"PS1": 2}},
)
NEVER_ACKNOWLEDGED = example(
    "field",
    WEEK,
    {
        "services": [service("S1")],
        "incidents": [
            incident("I1", "S1", at("10:00:00"), at("10:30:00")),
            incident("I2", "S1", at("11:00:00"), at("11:05:00")),
        ],
        "log_entries": [
            entry("acknowledge", "I1", at("10:01:00"), U1),
            entry("resolve", "I1", at("10:30:00"), U1),
            entry("resolve", "I2", at("11:05:00"), U1),
        ],
    },
    {
        "acked_count": 1,
        "ack_rate": 0.5,
        "tta_median_s": 60,
        "tta_mean_s": 60,
        "open_count": 0,
        "never_acked": {"total": 1, "user_resolved": 1},
    },
)
ON_NO_POLICY = _duty(
    WEEK,
    [
        layered("PS1", ["U1"], [turn("U1", at("00:00:00"), at("00:00:00", 10))], []),
        layered("PS9", ["U2"], [turn("U2", at("00:00:00"), at("00:00:00", 6))], []),
    ],
    {
        "schedule_covered_h": {"PS1": 168, "PS9": 72},
        "schedule_gap_h": {"PS1": 0, "PS9": 96},
        "oncall_h": {"U1": 168, "U2": 72},
    },
)
NOBODY_AT_ALL = _duty(
    WEEK,
    [layered("PS1", [], [], [])],
    {
        "schedule_gap_h": {"PS1": 168},
        "schedule_covered_h": {"PS1": 0},
        "policy_l1_uncovered_h": {"P1": 168},
        "policy_uncovered_h": {"P1": 168},
        "policies_with_gap_count": 1,
        "reachable_people": {"P1": 0},
    },
)
ENTRIES_WITHOUT_A_USER = _duty(
    WEEK,
    [
        layered(
            "PS1",
            [],
            [
                {"start": at("00:00:00"), "end": at("00:00:00", 4), "user": None},
                {"start": at("00:00:00", 4), "end": at("00:00:00", 5)},
                turn("U1", at("00:00:00", 5), at("00:00:00", 10)),
            ],
            [],
        )
    ],
    {"schedule_gap_h": {"PS1": 48}, "oncall_h": {"U1": 120}, "policy_uncovered_h": {"P1": 48}},
)
LEFT_THE_ROSTER = _duty(
    WEEK,
    [
        layered(
            "PS1",
            ["U1"],
            [
                turn("U2", at("00:00:00"), at("00:00:00", 5)),
                turn("U1", at("00:00:00", 5), at("00:00:00", 10)),
            ],
            [],
        )
    ],
    {"oncall_h": {"U1": 120, "U2": 48}, "idle_members": []},
    users=[user("U1"), user("U2")],
)
PERMANENT_DUTY = _duty(
    WEEK,
    [layered("PS1", ["U1"], [turn("U1", at("00:00:00"), at("00:00:00", 10))], [])],
    {"distinct_people": {"P1": 2}, "policy_uncovered_h": {"P1": 0}},
    oncalls=[
        {
            "escalation_policy": {"id": "P1"},
            "escalation_level": 1,
            "user": {"id": "U2"},
            "schedule": None,
            "start": None,
            "end": None,
        }
    ],
)
NOTHING_TO_COMPUTE_FROM = example(
    "field",
    WEEK,
    {
        "services": [service("S1")],
        "incidents": [
            incident("I1", "S1", at("11:00:00"), at("11:05:00"))
            | {"resolved_at": None, "status": "triggered"}
        ],
    },
    {
        "open_count": 1,
        "tta_median_s": None,
        "tta_p95_s": None,
        "ttr_all_median_s": None,
        "ttr_dora_mean_s": None,
    },
)


@pytest.mark.parametrize(
    "given",
    [
        *WEEKS_OF_THE_CLOCK_CHANGE,
        AN_HOUR_SHORT_OF_A_WEEK,
        NEVER_ACKNOWLEDGED,
        ON_NO_POLICY,
        NOBODY_AT_ALL,
        ENTRIES_WITHOUT_A_USER,
        LEFT_THE_ROSTER,
        PERMANENT_DUTY,
        NOTHING_TO_COMPUTE_FROM,
    ],
    ids=[
        "clocks go forward",
        "clocks go back",
        "an hour short of a week",
        "resolved and never acknowledged",
        "a schedule on no policy",
        "a schedule with nobody",
        "entries without a user",
        "left the roster",
        "permanent duty without ends",
        "nothing to compute from",
    ],
)
def test_what_was_wrong_elsewhere_is_right_here(given: Json, tmp_path: Path) -> None:
    ended = run(tmp_path, given)
    assert [each for each in lines(ended) if not each["equal"]] == []
    assert (ended.exit_code, ended.stderr) == (0, "")


OVERRIDES = [
    turn("U2", at("02:00:00"), at("06:00:00")),
    turn("U3", at("04:00:00"), at("05:00:00")),
    turn("U2", at("09:00:00"), at("10:00:00")),
]
SHIFTS = [
    turn("U1", at("00:00:00"), at("02:00:00")),
    turn("U2", at("02:00:00"), at("04:00:00")),
    turn("U3", at("04:00:00"), at("05:00:00")),
    turn("U2", at("05:00:00"), at("06:00:00")),
    turn("U1", at("06:00:00"), at("09:00:00")),
]


@pytest.mark.parametrize("overrides", [*permutations(OVERRIDES)][1::2])
@pytest.mark.parametrize("shifts", [SHIFTS, SHIFTS[::-1], SHIFTS[3:] + SHIFTS[:3]])
def test_shifts_and_overrides_count_the_same_in_any_order(
    shifts: list[Json], overrides: tuple[Json, ...], tmp_path: Path
) -> None:
    expected = {
        "oncall_h": {"U1": 5, "U2": 3, "U3": 1},
        "schedule_gap_h": {"PS1": 159},
        "schedule_gap_count": {"PS1": 1},
        "handoffs": 4,
    }
    schedule = layered("PS1", ["U1", "U2", "U3"], shifts, list(overrides))
    reported = lines(run(tmp_path, _duty(WEEK, [schedule], expected)))
    assert [each for each in reported if not each["equal"]] == []
