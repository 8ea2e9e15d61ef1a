"""The scorecard of one assessment: dimensions, caps, confidence and range."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.assessment.confidence import Confidence, confidence
from app.assessment.figures import Figure
from app.assessment.findings.finding import Finding
from app.assessment.findings.judge import TOO_THIN
from app.assessment.options import AssessmentOptions
from app.assessment.published_figures import PublishedFigures
from app.assessment.scorecard.components import READERS, Read
from app.assessment.thresholds import THRESHOLDS, Anchor

_JUDGED_BY_INCIDENTS = frozenset({"response", "escalation", "noise"})
_BANDS = ((80, "strong"), (60, "managed"), (40, "developing"), (0, "at risk"))


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


@dataclass(frozen=True, slots=True)
class Scorecard:
    score: float | None
    low: float | None
    high: float | None
    band: str | None
    dimensions: tuple[Dimension, ...]
    thresholds_version: str

    def as_json(self) -> dict[str, Any]:
        """Ready for JSON; numbers from 0 to 100."""
        return {
            "score": self.score,
            "low": self.low,
            "high": self.high,
            "band": self.band,
            "thresholds_version": self.thresholds_version,
            "dimensions": [_dimension_json(each) for each in self.dimensions],
        }


def scorecard(
    figures: Iterable[Figure], found: Sequence[Finding], options: AssessmentOptions
) -> Scorecard:
    """From published figures and open findings; a person never has a score."""
    published = PublishedFigures(figures)
    dimensions = tuple(
        _dimension(name, weight, published, found, options)
        for name, weight in THRESHOLDS.dimensions.items()
    )
    shown = [each for each in dimensions if each.score is not None]
    score = _mean([(each.score, each.weight) for each in shown])
    return Scorecard(
        score=score,
        low=_mean([(each.low, each.weight) for each in shown]),
        high=_mean([(each.high, each.weight) for each in shown]),
        band=band(score),
        dimensions=dimensions,
        thresholds_version=THRESHOLDS.version,
    )


def component_score(anchor: Anchor, x: float) -> float:
    """``100 * clamp((x - x0) / (x100 - x0), 0, 1)``: works for both directions."""
    return 100 * min(1.0, max(0.0, (x - anchor.x0) / (anchor.x100 - anchor.x0)))


def band(score: float | None) -> str | None:
    """The word for a number: at risk, developing, managed, strong."""
    if score is None:
        return None
    return next(word for least, word in _BANDS if score >= least)


def _dimension(
    name: str,
    weight: float,
    published: PublishedFigures,
    found: Sequence[Finding],
    options: AssessmentOptions,
) -> Dimension:
    anchors = [each for each in THRESHOLDS.components if each.dimension == name]
    components = tuple(_component(each, READERS[each.metric](published)) for each in anchors)
    scored = [each for each in components if each.score is not None]
    reason = _reason(name, published, sum(c.weight for c in scored), sum(a.weight for a in anchors))
    trust = confidence(published, options, name)
    if any(each.id == TOO_THIN for each in found):
        trust = replace(trust, word="Low")
    if reason:
        return Dimension(
            name=name, weight=weight, confidence=trust, components=components, reason=reason
        )
    uncapped = _mean([(each.score, each.weight) for each in scored])
    cap, by = _cap(name, found)
    score, low, high = (
        _capped(each, cap)
        for each in (
            uncapped,
            _mean([(each.low, each.weight) for each in scored]),
            _mean([(each.high, each.weight) for each in scored]),
        )
    )
    return Dimension(
        name=name,
        weight=weight,
        score=score,
        uncapped=uncapped,
        cap=cap,
        capped_by=by,
        low=low,
        high=high,
        band=band(score),
        confidence=trust,
        components=components,
    )


def _component(anchor: Anchor, read: Read | None) -> Component:
    if read is None:
        return Component(anchor.metric, anchor.name, anchor.weight)
    ends = sorted(component_score(anchor, each) for each in (read.low, read.high))
    score = component_score(anchor, read.value)
    return Component(anchor.metric, anchor.name, anchor.weight, read.value, score, *ends)


def _reason(name: str, published: PublishedFigures, scored: float, total: float) -> str:
    incidents = published.account("incident_count")
    if name in _JUDGED_BY_INCIDENTS and incidents is not None and not incidents.value:
        return "There is no incident to judge by."
    if name == "change":
        seen = published.account("change_visibility")
        least = THRESHOLDS.scorecard["change_visibility"]
        if seen is None or seen.value is None or seen.value < least:
            return "Fewer than half of the services with incidents send change events."
    if scored < THRESHOLDS.scorecard["shown_weight"] * total:
        return "Less than half of it can be computed."
    return ""


def _cap(name: str, found: Sequence[Finding]) -> tuple[int | None, tuple[str, ...]]:
    for severity, limit in (("Critical", "critical_cap"), ("High", "high_cap")):
        by = sorted({e.id for e in found if e.dimension == name and e.severity == severity})
        if by:
            return round(THRESHOLDS.scorecard[limit]), tuple(by)
    return None, ()


def _capped(score: float | None, cap: int | None) -> float | None:
    return score if score is None or cap is None else min(score, cap)


def _mean(pairs: Sequence[tuple[float | None, float]]) -> float | None:
    weight = sum(each for _, each in pairs)
    if not weight:
        return None
    return sum((value or 0.0) * each for value, each in pairs) / weight


def _dimension_json(found: Dimension) -> dict[str, Any]:
    return {
        "name": found.name,
        "weight": found.weight,
        "score": found.score,
        "uncapped": found.uncapped,
        "cap": found.cap,
        "capped_by": list(found.capped_by),
        "low": found.low,
        "high": found.high,
        "band": found.band,
        "reason": found.reason,
        "confidence": found.confidence.as_json(),
        "components": [
            {
                "id": each.metric,
                "name": each.name,
                "weight": each.weight,
                "value": each.value,
                "score": each.score,
                "low": each.low,
                "high": each.high,
            }
            for each in found.components
        ],
    }
