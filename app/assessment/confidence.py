"""How far a dimension can be trusted: the weakest of four factors."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.assessment.hours import DAY_US
from app.assessment.options import AssessmentOptions
from app.assessment.published_figures import PublishedFigures
from app.assessment.thresholds import THRESHOLDS

Word = Literal["High", "Medium", "Low"]
_OVER_PEOPLE = "sustainability"


@dataclass(frozen=True, slots=True)
class Confidence:
    """``value`` from 0 to 1 is the least of ``factors``."""

    value: float
    word: Word
    factors: Mapping[str, float]

    def as_json(self) -> dict[str, object]:
        """Ready for JSON."""
        return {"value": self.value, "word": self.word, "factors": dict(self.factors)}


def confidence(figures: PublishedFigures, options: AssessmentOptions, dimension: str) -> Confidence:
    """Of one dimension; an unknown factor counts as 1.

    Zones are those of people, or of schedules where those of people are unknown. Whether
    policies and schedules changed in the window is in no collected record, so it is no factor.
    """
    table = THRESHOLDS.scorecard
    counted = "distinct_people" if dimension == _OVER_PEOPLE else "incident_count"
    number = _value(figures, counted)
    zones = _value(figures, "people_zone_share")
    if zones is None:
        zones = _value(figures, "schedule_zone_share")
    factors = {
        "completeness": _completeness(figures),
        "days": min(1.0, options.window_us / DAY_US / table["days"]),
        "observations": min(1.0, math.sqrt((number or 0.0) / table["observations"])),
        "zones": 1.0 if zones is None else zones,
    }
    value = min(factors.values())
    return Confidence(value, _word(value), factors)


def _completeness(figures: PublishedFigures) -> float:
    logs = figures.account("log_completeness")
    if logs is not None and logs.not_collected:
        return 0.0
    share = 1.0 if logs is None or logs.value is None else logs.value
    return share * (1.0 - (_value(figures, "refused_resource_share") or 0.0))


def _value(figures: PublishedFigures, measure: str) -> float | None:
    found = figures.account(measure)
    return None if found is None else found.value


def _word(value: float) -> Word:
    table = THRESHOLDS.scorecard
    if value >= table["confidence_high"]:
        return "High"
    return "Medium" if value >= table["confidence_medium"] else "Low"
