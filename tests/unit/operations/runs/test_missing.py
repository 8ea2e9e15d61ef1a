"""How much of a resource is missing, from the certificate of a run."""

from typing import Any

import pytest

from app.operations.runs.certificate import missing

Json = dict[str, Any]


def window(**more: Any) -> Json:
    """A window of 1,000 declared and stored records."""
    counts = {"declared": 1000, "stored": 1000, "duplicate": 0}
    objects = {"objects": None, "objects_done": 0, "objects_refused": 0}
    return {"reasons": [], **counts, **objects, **more}


def certificate(name: str, *windows: Json, state: str = "incomplete") -> Json:
    declared = [each["declared"] for each in windows]
    objects = [each["objects"] for each in windows if each["objects"] is not None]
    entry = {
        "resource": name,
        "state": state,
        "reasons": sorted({reason for each in windows for reason in each["reasons"]}),
        "declared": None if None in declared else sum(declared),
        "objects": sum(objects) or None,
        "windows": list(windows),
    }
    return {"resources": [entry]}


def test_nothing_is_missing_of_what_is_complete() -> None:
    assert missing(certificate("incidents", window(), state="complete")) == {}


@pytest.mark.parametrize(("stored", "amount"), [(990, "a little"), (989, "a part")])
def test_a_list_lacks_a_part_from_more_than_one_percent_on(stored: int, amount: str) -> None:
    cut = window(stored=stored, reasons=["fewer_than_declared"])
    assert missing(certificate("log_entries", cut)) == {"log_entries": amount}


def test_what_came_twice_is_not_missing() -> None:
    cut = window(stored=900, duplicate=100, reasons=["list_moved"])
    assert missing(certificate("log_entries", cut)) == {"log_entries": "a little"}


def test_the_records_of_complete_windows_count_too() -> None:
    cut = window(declared=100, stored=91, reasons=["unreachable"])
    assert missing(certificate("log_entries", window(), cut)) == {"log_entries": "a little"}


def test_where_nobody_knows_how_much_is_missing_it_is_a_part() -> None:
    cut = window(declared=None, reasons=["total_not_told"])
    assert missing(certificate("log_entries", cut)) == {"log_entries": "a part"}


@pytest.mark.parametrize(
    ("objects", "amount"),
    [
        ({"objects": 300, "objects_done": 300, "objects_refused": 3}, "a little"),
        ({"objects": 300, "objects_done": 300, "objects_refused": 4}, "a part"),
        ({"objects": 300, "objects_done": 300}, "a part"),
    ],
    ids=["few refused", "more refused", "failed and not counted"],
)
def test_of_what_is_requested_one_by_one_the_refused_are_missing(
    objects: Json, amount: str
) -> None:
    cut = window(reasons=["role"], **objects)
    assert missing(certificate("schedule_v3_details", cut)) == {"schedule_v3_details": amount}


def test_what_the_role_hides_is_missing_entirely_and_what_the_plan_lacks_is_not() -> None:
    for reason, expected in (("role", {"teams": "all"}), ("plan", {})):
        absent = window(declared=None, stored=0, reasons=[reason])
        assert missing(certificate("teams", absent, state="not_available")) == expected
    without_core = window(declared=None, stored=0, reasons=["plan"])
    found = missing(certificate("incidents", without_core, state="not_available"))
    assert found == {"incidents": "all"}


def test_schedules_read_one_by_one_are_missing_as_schedules() -> None:
    cut = window(objects=5, objects_done=5, objects_refused=1, reasons=["role"])
    assert missing(certificate("schedule_details", cut)) == {"schedules": "a part"}
