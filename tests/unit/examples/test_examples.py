"""`tacit examples`: every value of a file beside the engine's own."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli.examples import examples
from app.examples.bands import UnknownShape, hours_of
from app.examples.equality import equal
from app.examples.shape import shaped
from tests.skips import SHARED
from tests.unit.examples.own_examples import COVERAGE, DUTY, NOISE, NUMBERS, OWN

FILE = SHARED / "examples" / "worked-examples.json"
HOUR = 3600


def run(folder: Path, *given: dict[str, Any]) -> Result:
    file = folder / "examples.json"
    file.write_text(json.dumps({"examples": given}))
    return CliRunner().invoke(examples, [str(file)], catch_exceptions=False)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["WE1", "WE2", "WE8"])
def test_a_shared_example_passes_value_by_value(name: str, tmp_path: Path) -> None:
    if not FILE.is_file():
        pytest.skip(f"{FILE.name} is not beside this checkout")
    (given,) = (e for e in json.loads(FILE.read_text())["examples"] if e["id"] == name)
    ended = run(tmp_path, given)
    reported = lines(ended)
    assert [each["key"] for each in reported] == list(given["expected"])
    assert [each for each in reported if not each["equal"]] == []
    assert ended.exit_code == 0
    assert ended.stderr == ""
    assert "CANARY_" not in ended.output


@pytest.mark.parametrize("given", OWN, ids=lambda given: given["id"])
def test_an_example_of_each_other_kind_passes(given: dict[str, Any], tmp_path: Path) -> None:
    ended = run(tmp_path, given)
    reported = lines(ended)
    assert [each["key"] for each in reported] == list(given["expected"])
    assert [each for each in reported if not each["equal"]] == []
    assert ended.exit_code == 0
    assert ended.stderr == ""
    assert "CANARY_" not in ended.output


def test_a_difference_is_reported_and_ends_with_1(tmp_path: Path) -> None:
    given = copy.deepcopy(COVERAGE)
    given["expected"] = {
        "window_h": {"value": 24},
        "schedule_covered_h": {"value": {"PA": 20, "PB": 18}},
        "policy_uncovered_h": {"value": {}},
    }
    ended = run(tmp_path, given)
    assert ended.exit_code == 1
    assert lines(ended) == [
        {"example": "coverage", "key": "window_h", "value": 24.0, "expected": 24, "equal": True},
        {
            "example": "coverage",
            "key": "schedule_covered_h",
            "value": {"PA": 20.0, "PB": 14.0},
            "expected": {"PA": 20, "PB": 18},
            "equal": False,
        },
        {
            "example": "coverage",
            "key": "policy_uncovered_h",
            "value": {"P1": 2.0},
            "expected": {},
            "equal": False,
        },
    ]


@pytest.mark.parametrize("given", OWN, ids=lambda given: given["id"])
def test_no_key_takes_a_wrong_value_for_the_right_one(
    given: dict[str, Any], tmp_path: Path
) -> None:
    wrong = copy.deepcopy(given)
    for reported in wrong["expected"].values():
        reported["value"] = spoilt(reported["value"])
    ended = run(tmp_path, wrong)
    assert [each["key"] for each in lines(ended) if each["equal"]] == []
    assert ended.exit_code == 1


def spoilt(value: Any) -> Any:
    """The same kind of value, a little off."""
    if isinstance(value, dict):
        return {name: spoilt(each) for name, each in value.items()}
    if isinstance(value, list):
        return [*map(spoilt, value)]
    if value is None:
        return 4
    return f"{value}x" if isinstance(value, str) else value * (1 + 1e-6) + 1e-6


def test_an_unknown_key_is_reported_and_ignored(tmp_path: Path) -> None:
    given = copy.deepcopy(NOISE)
    given["params"]["moon_phase"] = "full"
    given["inputs"]["horoscopes"] = [{"id": "CANARY_1"}]
    given["inputs"]["incidents"].append({"id": "I7", "created_at": "CANARY_2"})
    given["expected"] = {"incident_count": {"value": 6}, "luck": {"value": 1}}
    ended = run(tmp_path, given)
    assert [each["equal"] for each in lines(ended)] == [True, False]
    assert lines(ended)[1]["value"] is None
    assert ended.stderr.splitlines() == [
        "noise: parameter moon_phase is not known and is ignored",
        "noise: input horoscopes is not a collection and is ignored",
        "noise: 1 of incidents could not be read",
        "noise: luck is no measure of the engine",
    ]


def test_a_window_that_makes_no_sense_fails_its_own_example_alone(tmp_path: Path) -> None:
    wrong = copy.deepcopy(DUTY)
    wrong["params"]["until"] = wrong["params"]["since"]
    wrong["expected"] = {"window_h": {"value": 0}}
    ended = run(tmp_path, wrong, NUMBERS)
    reported = lines(ended)
    assert [each["equal"] for each in reported] == [False] + [True] * len(NUMBERS["expected"])
    assert "duty: since must lie before until" in ended.stderr


def test_a_file_without_examples_is_refused_without_its_content(tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    for text in ("CANARY_TEXT", '["CANARY_TEXT"]', '{"examples": "CANARY_TEXT"}'):
        file.write_text(text)
        ended = CliRunner().invoke(examples, [str(file)])
        assert ended.exit_code == 1
        assert "no list" in ended.output
        assert "CANARY_" not in ended.output


def test_a_snapshot_of_its_own_and_an_own_tolerance_count(tmp_path: Path) -> None:
    given = copy.deepcopy(NOISE)
    given["params"]["as_of"] = "2024-06-05T00:00:00Z"
    given["expected"] = {
        "ttr_median_all_s": {"value": 661, "tol": 0.01},
        "flap_share": {"value": 0.51, "tol": 0.001},
    }
    assert [each["equal"] for each in lines(run(tmp_path, given))] == [True, False]


@pytest.mark.parametrize(
    "reported",
    [
        "Mon-Fri 08:00-18:00",
        "08:00-18:00 Monday to Friday",
        {"days": [1, 2, 3, 4, 5], "start": "08:00", "end": "18:00"},
        {"end": "18:00:00", "start": "08:00:00", "days": ["Mon", "Tue", "Wed", "Thu", "Fri"]},
        {"from": 8, "to": 18, "weekdays": "Mon-Fri"},
        {"start_hour": 8, "end_hour": 18, "days": [0, 1, 2, 3, 4]},
        {"start_s": 28_800, "end_s": 64_800, "days": "Mon-Fri"},
        {"days": [1, 2, 3, 4, 5], "hours": [8, 18]},
        [[1, 2, 3, 4, 5], "08:00", "18:00"],
    ],
)
def test_business_hours_may_be_written_in_many_ways(reported: object) -> None:
    found = hours_of(reported)
    assert found.times == [8 * HOUR, 18 * HOUR]
    assert found.days == (1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    "reported", [["22:00", "08:00"], [22, 8], "22:00-08:00", {"from": "22:00", "to": "08:00"}]
)
def test_sleep_has_no_days(reported: object) -> None:
    assert hours_of(reported).times == [22 * HOUR, 8 * HOUR]
    assert hours_of(reported).days is None


def test_hours_without_an_end_are_refused() -> None:
    with pytest.raises(UnknownShape):
        hours_of({"start": "08:00"})


@pytest.mark.parametrize(
    ("value", "expected", "same"),
    [
        (1.0 + 1e-10, 1, True),
        (1.0 + 1e-8, 1, False),
        (None, 0, False),
        (0, None, False),
        (None, None, True),
        ("L1>ack", "L1>ack", True),
        (1, "1", False),
        (True, 1, False),
        (["b", "a"], ["a", "b"], True),
        (["a"], ["a", "a"], False),
        ([1, 2], [2, 1], False),
        ([["b", "a"]], [["a", "b"]], True),
        ({"a": 1, "b": 0}, {"a": 1}, True),
        ({"a": 1, "b": 2}, {"a": 1}, False),
        ({"a": 1}, {"a": 1, "b": 0}, True),
        ({"a": 1}, {"a": 1, "b": 3}, False),
        ({"a": None}, {"a": 0}, False),
    ],
)
def test_what_counts_as_equal(value: object, expected: object, same: bool) -> None:
    assert equal(value, expected) is same
    assert equal(shaped(value, expected), expected) is same


PEOPLE = {"a": 12, "b": 3, "c": 7, "d": 9}


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        ({**PEOPLE, "total": 31}, {"a": 12, "b": None, "c": None, "d": 9}),
        ({"groups": PEOPLE, "total": 31}, {"a": 12, "b": None, "c": None, "d": 9, "total": 31}),
        (
            {name: {"people": people, "value": 10 * people} for name, people in PEOPLE.items()},
            {"a": 120, "b": None, "c": None, "d": 90},
        ),
        (
            [{"team": name, "people": people} for name, people in PEOPLE.items()],
            {"a": 12, "b": None, "c": None, "d": 9},
        ),
    ],
)
def test_a_table_may_be_written_in_many_ways(
    table: Any, shown: dict[str, int | None], tmp_path: Path
) -> None:
    given = copy.deepcopy(NUMBERS)
    given["inputs"]["table_2"] = table
    given["expected"] = {"suppressed_table_2": {"value": shown}}
    (reported,) = lines(run(tmp_path, given))
    assert reported["value"] == shown
    assert reported["equal"]
