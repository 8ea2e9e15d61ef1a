"""Confidence: the weakest of completeness, days, observations and zones."""

import pytest

from app.assessment.confidence import Confidence, confidence
from app.assessment.figures import Figure
from app.assessment.published_figures import PublishedFigures
from tests.factories.rows import DAY, MONDAY, options
from tests.unit.assessment.findings.finding_figures import figure

WHOLE = (
    figure("log_completeness", 1.0),
    figure("refused_resource_share", 0.0),
    figure("incident_count", 30),
    figure("distinct_people", 30),
    figure("people_zone_share", 1.0),
)


def trust(*instead: Figure, days: int = 90, dimension: str = "response") -> Confidence:
    """With everything in order but for what is given."""
    places = {(each.level, each.measure) for each in instead}
    kept = [each for each in WHOLE if (each.level, each.measure) not in places]
    question = options(until=MONDAY + days * DAY)
    return confidence(PublishedFigures([*kept, *instead]), question, dimension)


def test_consistent_data_has_full_quality() -> None:
    assert (trust().value, trust().word) == (1.0, "High")
    assert trust(days=900).value == 1.0
    assert trust(figure("incident_count", 300)).value == 1.0


@pytest.mark.parametrize(
    ("figures", "days", "expected", "word"),
    [
        (
            [figure("log_completeness", 0.9), figure("refused_resource_share", 0.1)],
            90,
            0.81,
            "High",
        ),
        ([figure("log_completeness", 0.79)], 90, 0.79, "Medium"),
        ([], 72, 0.8, "High"),
        ([], 45, 0.5, "Medium"),
        ([], 44, 44 / 90, "Low"),
        ([figure("incident_count", 12)], 90, 0.4**0.5, "Medium"),
        ([figure("incident_count", 0)], 90, 0.0, "Low"),
        ([figure("people_zone_share", 0.6)], 90, 0.6, "Medium"),
    ],
)
def test_the_weakest_factor_decides(
    figures: list[Figure], days: int, expected: float, word: str
) -> None:
    found = trust(*figures, days=days)
    assert found.value == pytest.approx(expected)
    assert found.word == word


def test_sustainability_is_judged_by_people_and_all_else_by_incidents() -> None:
    few = figure("distinct_people", 12)
    assert trust(few, dimension="sustainability").value == pytest.approx(0.4**0.5)
    assert trust(few, dimension="noise").value == 1.0


def test_the_zones_of_schedules_stand_in_for_those_of_people() -> None:
    hidden = figure("people_zone_share", None, n=None, withheld="PRIV-1")
    schedules = figure("schedule_zone_share", 0.5)
    assert trust(hidden, schedules).factors["zones"] == 0.5
    assert trust(schedules).factors["zones"] == 1.0
    assert trust(hidden).factors["zones"] == 1.0
