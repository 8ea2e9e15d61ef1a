"""A small sample is never dressed up as a finding (C14)."""

import pytest

from app.assessment.display import Shown, events, shown
from app.assessment.figures import Figure, SampleClass, Statistic, count, durations, share


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
def test_durations(statistic: Statistic, n: int, expected: Shown) -> None:
    (figure,) = durations("INC-04", "tta", [1] * n, [statistic])
    assert shown(figure) == expected


def test_a_share_of_few_is_told_as_x_of_n() -> None:
    few = share("INC-05", "ack_rate", 3, 9)
    assert shown(few) == "count"
    assert events(few) == 3
    assert shown(share("INC-05", "ack_rate", 3, 10)) == "value"


@pytest.mark.parametrize(
    ("sample_class", "unit", "n", "expected", "number"),
    [
        ("rate", "per week", 4, "count", 4),
        ("rate", "per week", 5, "value", 5),
        ("exact", "h", 0, "value", 0),
    ],
)
def test_rates_and_facts(
    sample_class: SampleClass, unit: str, n: int, expected: Shown, number: int
) -> None:
    figure = Figure("X-01", "x", 2.5, unit, n, sample_class=sample_class)
    assert shown(figure) == expected
    assert events(figure) == number


def test_a_count_is_shown_as_a_count() -> None:
    assert shown(count("INC-03", "open_count", 2, 50)) == "count"
    assert events(count("INC-03", "open_count", 2, 50)) == 2


def test_nothing_is_no_data_and_never_zero() -> None:
    nothing = [share("INC-05", "ack_rate", 0, 0), *durations("INC-04", "tta", [], ["median"])]
    for figure in nothing:
        assert (figure.value, figure.n, figure.interval) == (None, 0, None)
        assert shown(figure) == "no data"
        assert events(figure) is None
