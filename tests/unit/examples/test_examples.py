"""`tacit examples`: every value of a file beside the engine's own."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openapi_schema_validator import OAS31Validator

from app.cli.examples import examples
from app.examples.bands import UnknownShape, hours_of
from app.examples.declared import INPUTS, PARAMS, faults, schema
from app.examples.equality import equal
from app.examples.shape import shaped
from tests.factories.revised_examples import revised
from tests.skips import SHARED
from tests.unit.examples.own_examples import COVERAGE, DUTY, NOISE, NUMBERS, OWN, WEEK

FILE = SHARED / "examples" / "worked-examples.json"
HOUR = 3600
SCHEMA = OAS31Validator(schema())


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
    given = revised(given)
    ended = run(tmp_path, given)
    reported = lines(ended)
    assert [each["key"] for each in reported] == list(given["expected"])
    assert [each for each in reported if not each["equal"]] == []
    assert ended.exit_code == 0
    assert ended.stderr == ""
    assert "CANARY_" not in ended.output


@pytest.mark.shared
def test_the_examples_of_real_data_pass() -> None:
    file = SHARED / "examples" / "real-world.json"
    if not file.is_file():
        pytest.skip(f"{file.name} is not beside this checkout")
    ended = CliRunner().invoke(examples, [str(file)], catch_exceptions=False)
    assert [each for each in lines(ended) if not each["equal"]] == []


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


def test_a_name_without_a_measure_is_reported_and_the_others_are_computed(tmp_path: Path) -> None:
    given = copy.deepcopy(NOISE)
    given["inputs"]["incidents"].append({"id": "I7", "created_at": "CANARY_2"})
    given["expected"] = {"incident_count": {"value": 6}, "luck": {"value": 1}}
    ended = run(tmp_path, given)
    assert [each["equal"] for each in lines(ended)] == [True, False]
    assert lines(ended)[1]["value"] is None
    assert ended.stderr.splitlines() == [
        "noise: 1 of incidents could not be read",
        "noise: luck is not computed by this version",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "noise: luck is not computed by this version"),
        ({"params": {}}, "noise: no since and until: there is nothing to assess"),
    ],
)
def test_a_null_that_is_expected_is_not_the_null_of_what_cannot_be_computed(
    change: dict[str, Any], said: str, tmp_path: Path
) -> None:
    given = copy.deepcopy(NOISE) | change | {"expected": {"luck": {"value": None}}}
    ended = run(tmp_path, given)
    assert [each["equal"] for each in lines(ended)] == [False]
    assert said in ended.stderr.splitlines()


def test_hours_by_a_clock_that_is_not_known_are_null_and_not_zero(tmp_path: Path) -> None:
    given = copy.deepcopy(DUTY)
    person = given["inputs"]["users"][0]
    person["time_zone"] = "Mars/Olympus"
    given["expected"] = {name: {"value": {person["id"]: None}} for name in ("sleep_h", "weekend_h")}
    values = [each["value"][person["id"]] for each in lines(run(tmp_path, given))]
    assert values == [None, None]


def test_a_key_without_its_input_is_reported_without_the_content_of_the_file(
    tmp_path: Path,
) -> None:
    given = copy.deepcopy(NUMBERS)
    given["inputs"] = {"table_1": [{"members": 4}], "durations_baseline_s": ["CANARY_1"]}
    given["expected"] = {
        name: {"value": 1} for name in ("suppressed_table_1", "baseline_median_s", "cliffs_delta")
    }
    ended = run(tmp_path, given)
    assert [each["value"] for each in lines(ended)] == [None] * 3
    name = given["id"]
    assert ended.stderr.splitlines() == [
        (
            f"{name}: suppressed_table_1: "
            "a row of a table has none of group, name, id, team, service, label"
        ),
        f"{name}: baseline_median_s cannot be computed from this example",
        f"{name}: cliffs_delta cannot be computed from this example",
    ]


def test_a_key_that_the_engine_leaves_out_is_absent_and_not_zero(tmp_path: Path) -> None:
    given = copy.deepcopy(COVERAGE)
    given["expected"] = {"schedule_gap_h": {"value": {"PA": 4, "PB": 10, "PX": 0}}}
    (reported,) = lines(run(tmp_path, given))
    assert reported["value"] == {"PA": 4, "PB": 10}
    assert not reported["equal"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"expected": {}}, "nothing is expected"),
        ({"moon": 1}, "moon is no field of an example"),
        ({"params": WEEK | {"moon_phase": "full"}}, "params.moon_phase is no field of an example"),
        ({"inputs": {"horoscopes": []}}, "inputs.horoscopes is no field of an example"),
        ({"expected": {"n": {"values": 1}}}, "expected.n.values is no field of an example"),
        ({"expected": {"n": 1}}, "expected.n is no object"),
        ({"expected": {"n": {"value": 1, "tol": "x"}}}, "expected.n.tol is no number"),
        (
            {"inputs": {"table_1": [{"group": "a", "heads": 3}]}},
            "inputs.table_1.0.heads is no field of an example",
        ),
        (
            {"inputs": {"table_1": {"groups": {"a": {"heads": 3}}}}},
            "inputs.table_1.groups.a.heads is no field of an example",
        ),
    ],
)
def test_what_is_not_declared_is_an_error_of_its_example(
    change: dict[str, Any], said: str, tmp_path: Path
) -> None:
    wrong = copy.deepcopy(DUTY) | change
    ended = run(tmp_path, wrong, NUMBERS)
    assert f"duty: {said}" in ended.stderr.splitlines()
    assert [each["equal"] for each in lines(ended)] == [False] + [True] * len(NUMBERS["expected"])
    assert ended.exit_code == 1
    assert any(SCHEMA.iter_errors({"examples": [wrong]}))


def test_an_example_without_an_expectation_or_a_file_without_examples_is_an_error(
    tmp_path: Path,
) -> None:
    silent = copy.deepcopy(DUTY)
    del silent["expected"]
    ended = run(tmp_path, silent)
    assert (ended.exit_code, ended.stderr) == (1, "duty: expected is missing\n")
    assert run(tmp_path).exit_code == 1


def test_hours_that_cannot_be_read_are_an_error(tmp_path: Path) -> None:
    wrong = copy.deepcopy(DUTY)
    wrong["params"]["sleep"] = "at night"
    ended = run(tmp_path, wrong)
    assert {each["equal"] for each in lines(ended)} == {False}
    assert "duty: params.sleep cannot be read" in ended.stderr


@pytest.mark.parametrize("given", OWN, ids=lambda given: given["id"])
def test_the_published_schema_takes_what_the_runner_takes(given: dict[str, Any]) -> None:
    SCHEMA.validate({"examples": [given]})
    assert faults(given) == []


def test_the_published_schema_is_what_the_code_declares() -> None:
    assert json.loads(Path("docs/examples.schema.json").read_text()) == schema()


@pytest.mark.shared
@pytest.mark.parametrize("name", ["worked-examples.json", "real-world.json"])
def test_the_shared_files_have_the_published_shape(name: str) -> None:
    file = SHARED / "examples" / name
    if not file.is_file():
        pytest.skip(f"{name} is not beside this checkout")
    examples_of = json.loads(file.read_text())["examples"]
    assert [fault for each in examples_of for fault in faults(each)] == []
    SCHEMA.validate({"examples": examples_of})


@pytest.mark.shared
def test_every_name_that_an_acceptance_example_uses_is_known(tmp_path: Path) -> None:
    file = SHARED / "examples" / "measure-names.json"
    if not file.is_file():
        pytest.skip(f"{file.name} is not beside this checkout")
    kinds: dict[str, Any] = {"int": 1, "float": 0.5, "str": "x", "map": {}, "list": []}
    for each in json.loads(file.read_text())["examples"]:
        assert set(each["params"]) <= set(PARAMS)
        assert set(each["inputs"]) <= set(INPUTS)
        names = {key: {"value": kinds[m["kind"]]} for key, m in each["measures"].items()}
        inputs: dict[str, Any] = {name: [] for name in each["inputs"]}
        given = {"id": each["id"], "params": WEEK, "inputs": inputs, "expected": names}
        ended = run(tmp_path, given)
        assert [line["key"] for line in lines(ended)] == list(names)
        assert "not computed by this version" not in ended.stderr


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
        ({"a": 1}, {"a": 1, "b": 0}, False),
        ({"a": 1}, {"a": 1, "b": 3}, False),
        ({"a": None}, {"a": 0}, False),
    ],
)
def test_values_are_equal_within_the_tolerance_and_nothing_else_is(
    value: object, expected: object, same: bool
) -> None:
    assert equal(value, expected) is same
    assert equal(shaped(value, expected), expected) is same


PEOPLE = {"a": 12, "b": 3, "c": 7, "d": 9}
SUMS = {"a": 120, "b": None, "c": None, "d": 90}


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        ({**PEOPLE, "total": 31}, {"a": 12, "b": None, "c": None, "d": 9}),
        ({"groups": PEOPLE, "total": 31}, {"a": 12, "b": None, "c": None, "d": 9, "total": 31}),
        ({name: {"people": n, "value": 10 * n} for name, n in PEOPLE.items()}, SUMS),
        ({name: {"members": n, "interruptions": 10 * n} for name, n in PEOPLE.items()}, SUMS),
        (
            [{"team": name, "interruptions": 10 * n, "members": n} for name, n in PEOPLE.items()],
            SUMS,
        ),
        (
            [{"team": name, "members": ["x"] * n} for name, n in PEOPLE.items()],
            PEOPLE | {"b": None, "c": None},
        ),
    ],
)
def test_a_table_is_a_list_of_rows_or_an_object_by_group(
    table: Any, shown: dict[str, int | None], tmp_path: Path
) -> None:
    given = copy.deepcopy(NUMBERS)
    given["inputs"]["table_2"] = table
    given["expected"] = {"suppressed_table_2": {"value": shown}}
    (reported,) = lines(run(tmp_path, given))
    assert reported["value"] == shown
    assert reported["equal"]


@pytest.mark.parametrize(
    "table",
    [
        {"a": {"per_member": [80, 10, 10]}, "b": {"per_member": [40, 30, 30]}},
        [
            {"group": "a", "per_member": {"x": 80, "y": 10, "z": 10}},
            {"group": "b", "per_member": {"x": 40, "y": 30, "z": 30}},
        ],
    ],
)
def test_what_each_member_contributes_decides_who_dominates(table: Any, tmp_path: Path) -> None:
    given = copy.deepcopy(NUMBERS)
    given["inputs"]["dominance_groups"] = table
    given["expected"] = {"dominated_groups": {"value": ["a"]}}
    (reported,) = lines(run(tmp_path, given))
    assert reported["equal"], reported
