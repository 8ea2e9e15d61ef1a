"""A dimension of the scorecard and its components."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.assessment.confidence import Confidence
from app.assessment.thresholds import THRESHOLDS


def too_much(lost: Sequence[float], weights: Sequence[float]) -> bool:
    """Whether the weights that rest on missing data are more than a third of all."""
    return sum(lost) > THRESHOLDS.scorecard["missing_weight"] * sum(weights)


@dataclass(frozen=True, slots=True)
class Component:
    metric: str
    name: str
    weight: float
    value: float | None = None
    score: float | None = None
    low: float | None = None
    """Score at the worse end of the interval."""
    high: float | None = None
    lacking: tuple[str, ...] = ()
    """Missing resources that it rests on: such a component has no score."""


@dataclass(frozen=True, slots=True)
class Dimension:
    name: str
    weight: float
    confidence: Confidence
    components: tuple[Component, ...]
    score: float | None = None
    """None where the known components carry less than half of the weight."""
    uncapped: float | None = None
    cap: int | None = None
    """49 by an open Critical finding, 79 by a High one; None where nothing caps it."""
    capped_by: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    band: str | None = None
    reason: str = ""
    """Why there is no score."""

    @property
    def lacking(self) -> list[str]:
        """Missing resources that any component rests on."""
        return list(dict.fromkeys(name for each in self.components for name in each.lacking))

    @property
    def undecided(self) -> bool:
        """More than a third of its weight rests on missing resources."""
        lost = [each.weight for each in self.components if each.lacking]
        return too_much(lost, [each.weight for each in self.components])

    def as_json(self) -> dict[str, Any]:
        """Ready for JSON; numbers from 0 to 100."""
        return {
            "name": self.name,
            "weight": self.weight,
            "score": self.score,
            "uncapped": self.uncapped,
            "cap": self.cap,
            "capped_by": list(self.capped_by),
            "low": self.low,
            "high": self.high,
            "band": self.band,
            "reason": self.reason,
            "lacking": self.lacking,
            "confidence": self.confidence.as_json(),
            "components": [
                {
                    "id": each.metric,
                    "name": each.name,
                    "weight": each.weight,
                    "value": each.value,
                    "score": each.score,
                    "low": each.low,
                    "high": each.high,
                    "lacking": list(each.lacking),
                }
                for each in self.components
            ],
        }
