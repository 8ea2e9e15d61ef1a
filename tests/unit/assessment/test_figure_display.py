"""A small sample is never shown as a finding (C14)."""

import pytest

from app.assessment.catalogue import METRICS
from app.assessment.display import Shown, events, shown
from app.assessment.figures import Figure, SampleClass, Statistic


def figure(
    value: float | None,
    n: int,
    sample: SampleClass,
    unit: str = "count",
    statistic: Statistic | None = None,
    *,
    minimum: int = 0,
) -> Figure:
    return Figure(
        id="X-01",
        measure="x",
        value=value,
        unit=unit,
        n=n,
        interval=None,
        level="account",
        of=None,
        key=None,
        sample_class=sample,
        statistic=statistic,
        privacy_class="P0",
        minimum=minimum,
    )


@pytest.mark.parametrize(
    ("statistic", "n", "expected"),
    [
        ("median", 4, "n only"),
        ("median", 5, "low n"),
        ("median", 29, "low n"),
        ("median", 30, "value"),
        ("mean", 29, "n only"),
        ("mean", 30, "value"),
        ("p90", 29, "n only"),
        ("p90", 30, "value"),
        ("p95", 59, "n only"),
        ("p95", 60, "value"),
    ],
)
def test_a_duration_is_shown_as_its_sample_allows(
    statistic: Statistic, n: int, expected: Shown
) -> None:
    assert shown(figure(60, n, "dur", "s", statistic)) == expected


@pytest.mark.parametrize("statistic", [None, "median"])
def test_a_metric_may_require_more_observations(statistic: Statistic | None) -> None:
    assert shown(figure(60, 9, "dur", "s", statistic, minimum=10)) == "n only"
    assert shown(figure(60, 10, "dur", "s", statistic, minimum=10)) == "low n"


def test_recovery_with_open_incidents_takes_ten() -> None:
    assert {each.id: each.minimum for each in METRICS if each.minimum} == {"INC-09": 10}


def test_a_share_of_few_is_shown_as_x_of_n() -> None:
    few = figure(3 / 9, 9, "prop", "ratio")
    assert shown(few) == "count"
    assert events(few) == 3
    assert shown(figure(3 / 10, 10, "prop", "ratio")) == "value"


@pytest.mark.parametrize(
    ("sample", "unit", "n", "expected", "number"),
    [
        ("rate", "per week", 4, "count", 4),
        ("rate", "per week", 5, "value", 5),
        ("exact", "h", 0, "value", 0),
    ],
)
def test_rates_and_facts_are_shown_as_their_samples_allow(
    sample: SampleClass, unit: str, n: int, expected: Shown, number: int
) -> None:
    found = figure(2.5, n, sample, unit)
    assert shown(found) == expected
    assert events(found) == number


def test_a_count_is_shown_as_a_count() -> None:
    found = figure(2, 50, "rate")
    assert shown(found) == "count"
    assert events(found) == 2


@pytest.mark.parametrize("sample", ["dur", "prop", "rate", "ineq", "exact"])
def test_nothing_is_no_data_and_never_zero(sample: SampleClass) -> None:
    nothing = figure(None, 0, sample, "ratio")
    assert shown(nothing) == "no data"
    assert events(nothing) is None


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_cannot_represent_is_no_figure(value: float) -> None:
    with pytest.raises(ValueError, match="X-01 x is not finite"):
        figure(value, 30, "rate").as_json()
    bounded = figure(1.0, 30, "rate")._replace(interval=(0.0, value))
    with pytest.raises(ValueError, match="X-01 x is not finite"):
        bounded.as_json()
