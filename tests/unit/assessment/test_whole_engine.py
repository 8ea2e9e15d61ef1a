"""The whole engine on a whole company: the same every time, and nobody in what is published."""

import gc
import json
import re
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.assessment.catalogue import BY_ID, METRICS, SERIES
from app.assessment.engine import Result, assess
from app.assessment.options import AssessmentOptions
from app.assessment.publish import publish
from app.assessment.rows import Facts
from app.assessment.scopes import LEVELS
from tests.factories.equivalent_accounts import moved, shuffled
from tests.factories.generated_company import Size, company, people, window
from tests.factories.rows import DAY, HOUR, MONDAY, SECOND, WEEK

SIZE = Size()
SMALL = Size(people=14, teams=2, services=4, incidents=60, weeks=2)
HOUR_S = 3600


@cache
def facts() -> Facts:
    return company(1)


@cache
def result() -> Result:
    return assess(facts(), window(SIZE))


@cache
def text() -> str:
    return published(facts(), window(SIZE))


def document() -> Any:
    return json.loads(text())


def published(found: Facts, question: AssessmentOptions) -> str:
    """What leaves the memory, as it would be written; refuses what JSON does not know."""
    return json.dumps(publish(assess(found, question)).as_json(), allow_nan=False)


def test_the_company_is_large_enough_to_show_figures_over_people() -> None:
    shown = {f["measure"] for f in document()["metrics"] if f["privacy"] == "P1" and f["value"]}
    assert {"oncall_total_h", "gini_roster", "interruptions_total", "max_share"} <= shown
    assert document()["withheld"]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_order_of_all_rows_changes_nothing(seed: int, order: int) -> None:
    found, question = company(seed, SMALL), window(SMALL)
    assert published(shuffled(found, order), question) == published(found, question)


def test_two_runs_are_equal_to_the_byte() -> None:
    assert published(company(1), window(SIZE)) == text()


def test_no_person_is_in_the_published_document() -> None:
    everybody = people(SIZE)
    behind = {person for figure in result().figures for person in figure.people or ()}
    assert behind <= set(everybody)
    assert len(behind) >= 20, "people stand behind figures: the search would find them"
    for person in everybody:
        assert person.hex() not in text()
        assert str(int.from_bytes(person, "big")) not in text()


def test_no_single_incident_change_or_log_entry_is_in_the_published_document() -> None:
    found = facts()
    ids = [each.id for each in found.incidents] + [each.id for each in found.log_entries]
    ids += [each.id for each in found.change_events]
    for each in ids:
        assert each.hex() not in text()
    assert found.services[0].id.hex() in text(), "the search finds what is there"


def test_nothing_of_one_person_is_published() -> None:
    assert {f["privacy"] for f in document()["metrics"]} == {"P0", "P1"}
    assert "people" not in {key for key, _ in _leaves(document()["metrics"])}


def test_no_instant_finer_than_the_hour_is_published() -> None:
    """PRIV-6: neither as microseconds or seconds since 1970 nor as a time in words."""
    moments = {each.created_at for each in facts().incidents}
    moments |= {each.created_at for each in facts().log_entries}
    spelled = {f'"{at}"' for at in moments} | {str(at // SECOND) for at in moments}
    numbers = re.findall(r"(?<![\w.])\d+(?![\w.])", text())
    assert spelled.isdisjoint(numbers)
    assert moments.isdisjoint(map(int, numbers))
    first, last = MONDAY, MONDAY + (SIZE.weeks + 3) * WEEK
    for key, value in _leaves(document()):
        if isinstance(value, int | float):
            if first <= value < last:
                assert value % HOUR == 0, key
            if first // SECOND <= value < last // SECOND:
                assert value % HOUR_S == 0, key
        elif isinstance(value, str):
            assert not re.search(r"\d:[0-5]\d", value), key


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _leaves(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each, key)
    else:
        yield key, value


def test_every_figure_carries_all_that_it_takes_to_judge_it() -> None:
    wanted = {"id", "measure", "value", "unit", "n", "interval", "exact", "scope", "sample"}
    for figure in document()["metrics"]:
        assert set(figure) - {"withheld"} == wanted | {"privacy"}
        assert figure["unit"]
        assert figure["scope"]["level"] in LEVELS.values()
        assert figure["sample"] in {"dur", "prop", "rate", "ineq", "exact"}
        assert isinstance(figure["exact"], bool)
        assert figure["interval"] is None or not figure["exact"]
        if "withheld" in figure:
            assert figure["withheld"].startswith("PRIV-")
        elif figure["value"] is not None:
            assert isinstance(figure["n"], int), figure


def test_a_withheld_figure_has_neither_value_nor_size() -> None:
    hidden = [f for f in document()["metrics"] if f.get("withheld") not in {None, "PRIV-5"}]
    assert hidden
    for figure in hidden:
        assert (figure["value"], figure["n"], figure["interval"]) == (None, None, None)
        assert figure["privacy"] == "P1"


def test_a_metric_is_computed_on_the_levels_it_declares_and_no_other() -> None:
    allowed = {each.id: {LEVELS[letter] for letter in each.levels} for each in METRICS}
    for figure in result().figures:
        assert figure.level in allowed[figure.id]
        assert BY_ID[figure.id].measure(figure.measure)


def test_no_place_has_the_same_figure_twice() -> None:
    places = [(f.measure, f.level, f.of, f.key) for f in result().figures]
    assert len(set(places)) == len(places)


def test_every_metric_and_every_series_is_there() -> None:
    found = document()
    assert {f["id"] for f in found["metrics"]} == {each.id for each in METRICS}
    assert set(found["series"]) == {each.name for each in SERIES}


def test_an_interval_contains_its_value() -> None:
    for figure in result().figures:
        if figure.interval is not None and figure.value is not None:
            low, high = figure.interval
            assert low - 1e-12 <= figure.value <= high + 1e-12, figure.measure


def test_ratios_lie_between_nothing_and_all() -> None:
    beyond = {
        f.measure
        for f in result().figures
        if f.unit == "ratio" and f.value is not None and not 0 <= f.value <= 1
    }
    assert beyond <= _DIFFERENCES | _MULTIPLES


_DIFFERENCES = {
    "change_failure_excess",
    "halves_ack_rate_difference",
    "halves_transient_difference",
    "halves_tta_delta",
    "halves_ttr_dora_delta",
    "week_over_week",
}
_MULTIPLES = {"edge_lift", "halves_incident_ratio", "max_to_equal_share"}


def test_an_empty_account_has_no_incidents_and_no_data() -> None:
    question = window(SMALL)
    result = assess(Facts(), question)
    assert {point["share"] for point in result.series["ack_curve"].points} == {None}
    account = {f.measure: f for f in result.figures if f.level == "account" and f.key is None}
    assert account["incident_count"].value == 0
    assert account["window_h"].value == 2 * 168
    for figure in result.figures:
        if figure.unit in {"ratio", "s"} and figure.measure not in _OF_THE_CLOCK:
            assert figure.value is None, figure.measure
    assert json.loads(published(Facts(), question))["findings"] is not None


_OF_THE_CLOCK = {"clock_share", "storm_time_share"}
"""Their denominator is time, of which there is some in every window."""


def test_events_after_the_snapshot_change_no_figure_of_incidents() -> None:
    found, question = company(7, SMALL), window(SMALL)
    late = company(8, SMALL)
    outside = moved(late, question.as_of - question.since + DAY)
    both = replace(
        found,
        incidents=[*found.incidents, *outside.incidents],
        log_entries=[*found.log_entries, *outside.log_entries],
    )
    alone = [f for f in assess(found, question).figures if f.id.startswith(("INC", "ESC", "NOI"))]
    beside = [f for f in assess(both, question).figures if f.id.startswith(("INC", "ESC", "NOI"))]
    assert beside == alone


_DURATIONS = [each.name for each in fields(AssessmentOptions) if each.name.endswith(("_s", "_min"))]


@pytest.mark.parametrize("name", _DURATIONS)
def test_an_option_at_its_bounds_still_gives_a_report(name: str) -> None:
    """Nothing is divided by it, and nothing overflows."""
    longest = 366 * 1_440 if name.endswith("_min") else 366 * 86_400
    for value in (0, longest):
        question: dict[str, Any] = {name: value}
        assert json.loads(published(company(2, SMALL), replace(window(SMALL), **question)))[
            "metrics"
        ]
    for value in (-1, longest + 1):
        beyond: dict[str, Any] = {name: value}
        with pytest.raises(ValueError, match=name):
            replace(window(SMALL), **beyond)


def test_twelve_thousand_incidents_are_assessed_in_two_seconds() -> None:
    size = Size(people=60, teams=10, services=40, incidents=12_000, weeks=13)
    found, question = company(3, size), window(size)
    gc.disable()  # as the product does: rows form no cycles
    try:
        started = time.process_time()
        assess(found, question)
        took = time.process_time() - started
    finally:
        gc.enable()
    assert took < 2
