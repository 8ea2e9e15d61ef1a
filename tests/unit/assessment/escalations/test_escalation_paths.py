"""ESC-01, ESC-06 and ESC-07: which ways incidents take, and how far."""

import pytest

from app.assessment.metrics.escalations import METRICS
from app.assessment.metrics.escalations.charts import acked_by_level, level_flow
from tests.factories.rows import HOUR, MINUTE, entry, facts, family, incident, rule
from tests.unit.assessment.escalations.escalation_accounts import (
    IncidentWithLog,
    figures,
    incident_with_log,
    of,
    points,
)
from tests.unit.assessment.escalations.steps import AT, step, timeout, trigger

FIRST = "L1>ack"
SECOND = "L1>timeout>L2>ack"


def first(name: str) -> IncidentWithLog:
    return incident_with_log(name, *trigger(), step("acknowledge", 1))


def second(name: str) -> IncidentWithLog:
    return incident_with_log(name, *trigger(), *timeout(5, "bob"), step("acknowledge", 6))


def third(name: str) -> IncidentWithLog:
    log = [*trigger(), *timeout(5, "bob"), *timeout(15, "boss"), step("acknowledge", 20)]
    return incident_with_log(name, *log)


def named(prefix: str, number: int) -> list[str]:
    return [f"{prefix}{n}" for n in range(number)]


def test_paths_seen_seldom_are_other() -> None:
    every = [*map(first, named("a", 4)), *map(second, named("b", 3)), *map(third, named("c", 2))]
    found = figures(*every)
    counts = {
        name.removeprefix("path_count/"): (figure.value, figure.n)
        for name, figure in found.items()
        if name.startswith("path_count/")
    }
    assert counts == {FIRST: (4, 9), SECOND: (3, 9), "other": (2, 9)}


def test_only_the_ten_most_frequent_paths_are_reported() -> None:
    """Eleven policies' worth of ways: each level 1 to 11 by hand, three times each."""
    rules = tuple(rule(n, f"p{n}") for n in range(1, 13))
    incidents, log = [], []
    for level in range(2, 13):
        for n in range(3):
            name = f"i{level}-{n}"
            incidents.append(incident(name, AT))
            log.append(entry(name, "assign", AT + MINUTE, to=[f"p{level}"]))
            log.append(entry(name, "acknowledge", AT + HOUR))
    found = family(METRICS, facts(incidents, log, rules))
    paths = [name for name in found if name.startswith("path_count/")]
    assert len(paths) == 11
    assert found["path_count/other"].value == 3
    # Ties go by text, so the last in the alphabet is the one left over.
    assert "path_count/L1>reassign>L9>ack" not in paths


def test_first_touch_is_stricter_than_acknowledged_at_level_one() -> None:
    back = incident_with_log(
        "back",
        *trigger(),
        *timeout(5, "bob"),
        step("repeat_escalation_path", 10, agent="service"),
        step("acknowledge", 11),
    )
    bare = of(incident("bare", AT, status="acknowledged", listed_ack=AT + MINUTE))
    found = figures(first("a"), second("b"), back, bare)
    assert found["first_touch_ack_rate"].value == 0.25
    assert found["ack_by_level/L1"].value == 2


def test_the_highest_level_reached() -> None:
    found = figures(first("a"), second("b"), third("c"), third("d"))
    assert found["max_level_mean"].value == (1 + 2 + 3 + 3) / 4
    assert found["last_level_rate"].value == 0.5
    by_level = [found[f"incidents_by_max_level/L{n}"].value for n in (1, 2, 3)]
    assert by_level == [1, 1, 2]


def test_a_policy_of_one_level_has_no_last_one_to_reach() -> None:
    rows = facts([incident("a", AT)], trigger(), [rule(1, "ann")])
    found = family(METRICS, rows)
    assert found["last_level_rate"].value is None
    assert found["max_level_mean"].value == 1


@pytest.mark.parametrize("name", ["max_level_mean", "first_touch_ack_rate", "last_level_rate"])
def test_without_incidents_there_is_no_way(name: str) -> None:
    assert figures()[name].value is None


def test_the_flow_between_levels() -> None:
    gone = incident_with_log(
        "g", *trigger(), *timeout(5, "bob"), step("resolve", 9), resolved=9 * MINUTE
    )
    found = points(level_flow, first("a"), second("b"), second("c"), gone)
    assert list(found) == [
        {"from": "L1", "to": "L2", "count": 3},
        {"from": "L1", "to": "acknowledged", "count": 1},
        {"from": "L2", "to": "acknowledged", "count": 2},
        {"from": "L2", "to": "resolved", "count": 1},
    ]


def test_who_acknowledged_by_level() -> None:
    found = points(acked_by_level, first("a"), second("b"), second("c"))
    assert list(found) == [{"level": "L1", "count": 1}, {"level": "L2", "count": 2}]
