"""The references of the figures are counted correctly, and their output can be parsed."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.models import RECORD_TABLES
from benchmarks import __main__ as bench
from benchmarks.copies import multiply
from benchmarks.figures import at_least, at_most, say
from benchmarks.floor import floor
from benchmarks.missing import lacking

COUNTS = {
    "priorities": 5,
    "teams": 25,
    "team_members": 130,
    "services": 150,
    "business_services": 10,
    "escalation_policies": 60,
    "schedules": 50,
    "schedules_v3": 0,
    "oncalls": 0,
    "maintenance_windows": 30,
    "change_events": 0,
    "incidents": 5_000,
    "log_entries": 60_000,
}


def test_the_floor_is_every_page_every_object_and_every_single_call() -> None:
    pages = 1 + 1 + 2 + 1 + 1 + 1 + 1 + 1 + 1 + 50 + 600
    assert floor(COUNTS) == pages + 1 + 25 + 3 + 150 + 10


def test_an_empty_list_costs_one_request_and_the_101st_record_another() -> None:
    assert floor({**COUNTS, "priorities": 0}) == floor(COUNTS)
    assert floor({**COUNTS, "priorities": 101}) == floor(COUNTS) + 1


def test_shift_based_schedules_are_listed_by_the_thousand_and_rendered_one_by_one() -> None:
    assert floor({**COUNTS, "schedules_v3": 1_000}) == floor(COUNTS) + 1_000
    assert floor({**COUNTS, "schedules_v3": 1_001}) == floor(COUNTS) + 1_002


def test_a_record_that_was_declared_and_not_stored_is_missing() -> None:
    window = {"declared": 10, "stored": 8, "duplicate": 1}
    assert lacking([window], {}, {}) == 1


def test_an_edge_that_two_windows_share_is_not_missing() -> None:
    window = {"declared": 10, "stored": 8, "duplicate": 2}
    assert lacking([window], {}, {}) == 0


@pytest.mark.parametrize("rows", [399, 401])
def test_a_table_must_have_exactly_the_records_of_the_sandbox(rows: int) -> None:
    assert lacking([], {"incident": 400}, {"incident": 400}) == 0
    assert lacking([], {"incident": 400}, {"incident": rows}) == 1


def test_a_figure_is_one_json_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    say(at_most("collection.growth", 1.23456, "ratio", 1.5))
    printed = json.loads(capsys.readouterr().out)
    goal = {"goal": "<= 1.5", "holds": True}
    assert printed == {"name": "collection.growth", "value": 1.235, "unit": "ratio", **goal}


def test_a_figure_states_its_ratio_to_the_yardstick(capsys: pytest.CaptureFixture[str]) -> None:
    say(at_most("engine.reference_s", 1.5, "s", 2).beside(0.5))
    say(at_most("engine.reference_s", 1.5, "s", 2).beside(0.5, 1.0))
    printed = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["yardstick"] for line in printed] == [3.0, 2.0]


def test_copies_of_incidents_keep_their_logs(tmp_path: Path) -> None:
    source, target = tmp_path / "source.db", tmp_path / "target.db"
    with closing(sqlite3.connect(source)) as database:
        for table in RECORD_TABLES.values():
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            database.execute(f"CREATE TABLE {table.name} ({columns})")
        parent, child = bytes(range(16)), bytes(range(16, 32))
        database.execute("INSERT INTO incident (id, created_at) VALUES (?, 0)", (parent,))
        row = (child, parent)
        database.execute("INSERT INTO log_entry (id, incident_id) VALUES (?, ?)", row)
        database.execute(
            "INSERT INTO incident_team (incident_id, id) VALUES (?, ?)", (parent, b"t")
        )
        database.commit()
    multiply(source, target, 16)
    with closing(sqlite3.connect(target)) as database:
        incidents = {each for (each,) in database.execute("SELECT id FROM incident")}
        logged = {each for (each,) in database.execute("SELECT incident_id FROM log_entry")}
        teams = database.execute("SELECT count(*), count(DISTINCT id) FROM incident_team")
        assert len(incidents) == 16
        assert logged == incidents
        assert teams.fetchone() == (16, 1)


def test_a_figure_is_met_only_with_its_goal_and_its_condition() -> None:
    assert at_most("", 1.5, "", 1.5).holds
    assert not at_most("", 1.51, "", 1.5).holds
    assert not at_most("", 1.0, "", 1.5, also=False).holds
    assert at_least("", 8000, "", 8000).holds
    assert not at_least("", 7999, "", 8000).holds


def test_an_unknown_part_measures_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["benchmarks", "colection"])
    assert bench.main() == 2
    assert "collection.growth" in capsys.readouterr().err
