"""Everything that was promised is computed: each metric and finding, declared and defined."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from app.assessment.catalogue import BY_ID, BY_MEASURE, FAMILIES, METRICS, SERIES
from app.assessment.findings.rules import RULES
from app.assessment.metric import Measure, Metric
from app.assessment.scopes import LEVELS

_PROMISED = {
    "INC": 16,
    "INT": 10,
    "ESC": 12,
    "POL": 11,
    "ONC": 15,
    "LOAD": 5,
    "SVC": 8,
    "NOI": 11,
    "DOR": 7,
    "TRD": 4,
    "DQ": 12,
}
"""The highest number of each family."""
_GONE = {("DQ", 11)}
"""Configuration drift: no collected record states it."""
_IDS = [
    f"{name}-{number:02}"
    for name, last in _PROMISED.items()
    for number in range(1, last + 1)
    if (name, number) not in _GONE
]
_BESIDE = ["C2"]
"""The window's length, which every rate is divided by."""
_SPREAD = re.compile(r"(^|_)(p90|p95|p99|max|min|longest|largest|gini|lorenz|histogram|top)(_|$)")
_SUM = re.compile(r"(^|_)(total|sum)(_|$)")
_PRIVATE = re.compile(r"(^|_)(sleep|night|nights|rest)(_|$)")
_BY_METRIC = pytest.mark.parametrize("found", METRICS, ids=lambda found: found.id)


def _over_people() -> Iterator[tuple[Metric, Measure]]:
    for found in METRICS:
        for measure in found.measures:
            if (measure.privacy or found.privacy) == "P1":
                yield found, measure


def test_every_metric_that_was_promised_is_computed_and_no_other() -> None:
    numbers = [each.id for each in METRICS]
    assert sorted(numbers) == sorted(_IDS + _BESIDE)
    assert list(BY_ID) == numbers


def test_every_finding_that_was_promised_has_its_rule_and_there_is_no_other() -> None:
    assert [each.id for each in RULES] == [f"F{number:02}" for number in range(1, 49)]


@_BY_METRIC
def test_a_metric_states_its_definition_and_its_source(found: Metric) -> None:
    assert len(found.definition.split()) >= 5
    assert found.definition.endswith(".")
    assert found.title
    assert found.source
    assert found.chart
    assert found.measures
    assert all(measure.unit and measure.label for measure in found.measures)


@_BY_METRIC
def test_a_metric_names_levels_classes_and_its_family(found: Metric) -> None:
    assert found.levels
    assert set(found.levels) <= set(LEVELS)
    assert len(set(found.levels)) == len(found.levels)
    assert set(found.split) <= set(found.levels)
    assert found.sample in {"dur", "prop", "rate", "ineq", "exact"}
    assert found.privacy in {"P0", "P1", "P2"}
    assert found.id in _BESIDE or found.family in FAMILIES


def test_every_family_has_a_name() -> None:
    assert list(FAMILIES) == list(_PROMISED)


def test_no_two_metrics_give_a_measure_of_the_same_name() -> None:
    names = Counter(measure.name for found in METRICS for measure in found.measures)
    assert [name for name, times in names.items() if times > 1] == []
    assert set(BY_MEASURE) == set(names)


def test_nothing_of_one_person_is_declared_to_be_published() -> None:
    for found in METRICS:
        kinds = {measure.privacy or found.privacy for measure in found.measures}
        assert "P2" not in kinds or found.privacy == "P2"


def test_an_extreme_or_a_spread_over_people_is_declared_so() -> None:
    """Suppression requires eight people of these; without the flag five would do (PRIV-1)."""
    result = {measure.name for _, measure in _over_people() if _SPREAD.search(measure.name)}
    assert {"oncall_share_max", "gini_roster", "longest_block_h", "mobilise_p90_s"} <= result
    missing = {m.name for _, m in _over_people() if m.name in result and not m.spread}
    assert missing == set()


def test_a_sum_over_people_is_declared_additive() -> None:
    """Hidden parts of a total could otherwise be found by subtraction (PRIV-2)."""
    result = {measure.name for _, measure in _over_people() if _SUM.search(measure.name)}
    assert {"oncall_total_h", "interruptions_total"} <= result
    assert {m.name for _, m in _over_people() if m.name in result and not m.additive} == set()


def test_sleep_rest_and_nights_over_people_are_declared_sensitive() -> None:
    """Ten people instead of five (PRIV-1)."""
    result = {measure.name for _, measure in _over_people() if _PRIVATE.search(measure.name)}
    assert len(result) >= 8
    assert {m.name for _, m in _over_people() if m.name in result and not m.sensitive} == set()


def test_a_measure_without_people_declares_no_protection_of_people() -> None:
    protected = [
        measure.name
        for found in METRICS
        for measure in found.measures
        if (measure.privacy or found.privacy) == "P0"
        and (measure.spread or measure.additive or measure.sensitive)
    ]
    assert protected == []


def test_a_finding_rests_on_metrics_that_there_are() -> None:
    for each in RULES:
        assert each.metrics, each.id
        assert set(each.metrics) <= set(BY_ID), each.id
        assert each.title
        assert each.source
        assert len(each.definition.split()) >= 5, each.id


def test_a_recommendation_is_one_or_two_sentences() -> None:
    for each in RULES:
        assert each.recommendation.endswith("."), each.id
        assert 1 <= len(re.findall(r"[.!?](?:\s|$)", each.recommendation)) <= 2, each.id


def test_a_series_belongs_to_a_metric_and_has_a_name_of_its_own() -> None:
    names = [each.name for each in SERIES]
    assert len(set(names)) == len(names)
    for each in SERIES:
        assert each.metric in BY_ID
        assert each.title
        assert each.x
        assert each.y
