"""The scorecard of one assessment: dimensions, caps, confidence and range."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.assessment.confidence import confidence
from app.assessment.figures import Figure
from app.assessment.findings.finding import Finding
from app.assessment.findings.judge import TOO_THIN
from app.assessment.options import AssessmentOptions
from app.assessment.published_figures import PublishedFigures
from app.assessment.scorecard.components import READERS
from app.assessment.scorecard.dimension import Component, Dimension, too_much
from app.assessment.thresholds import THRESHOLDS, Anchor

_JUDGED_BY_INCIDENTS = frozenset({"response", "escalation", "noise"})
TOO_MUCH_MISSING = "More than a third of it rests on data that is missing."
_BANDS = ((80, "strong"), (60, "managed"), (40, "developing"), (0, "at risk"))


@dataclass(frozen=True, slots=True)
class Scorecard:
    score: float | None
    low: float | None
    high: float | None
    band: str | None
    dimensions: tuple[Dimension, ...]
    thresholds_version: str
    reason: str = ""
    """Why there is no score."""

    def as_json(self) -> dict[str, Any]:
        """Ready for JSON; numbers from 0 to 100."""
        return {
            "score": self.score,
            "low": self.low,
            "high": self.high,
            "band": self.band,
            "reason": self.reason,
            "thresholds_version": self.thresholds_version,
            "dimensions": [each.as_json() for each in self.dimensions],
        }


def scorecard(
    figures: Iterable[Figure],
    found: Sequence[Finding],
    options: AssessmentOptions,
    missing: frozenset[str] = frozenset(),
) -> Scorecard:
    """From published figures and open findings; a person never has a score.

    Where dimensions of more than a third of the weight rest on what is missing, there is none.
    """
    published = PublishedFigures(figures)
    dimensions = tuple(
        _dimension(name, published, found, options, missing) for name in THRESHOLDS.dimensions
    )
    shown = [each for each in dimensions if each.score is not None]
    lost = [each.weight for each in dimensions if each.undecided]
    if too_much(lost, [each.weight for each in dimensions]):
        return Scorecard(
            score=None,
            low=None,
            high=None,
            band=None,
            dimensions=dimensions,
            thresholds_version=THRESHOLDS.version,
            reason=TOO_MUCH_MISSING,
        )
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
    published: PublishedFigures,
    found: Sequence[Finding],
    options: AssessmentOptions,
    missing: frozenset[str],
) -> Dimension:
    weight = THRESHOLDS.dimensions[name]
    anchors = [each for each in THRESHOLDS.components if each.dimension == name]
    components = tuple(_component(each, published, missing) for each in anchors)
    scored = [each for each in components if each.score is not None]
    reason = _reason(name, published, components)
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


def _component(anchor: Anchor, published: PublishedFigures, missing: frozenset[str]) -> Component:
    reader = READERS[anchor.metric]
    read, lacking = reader(published), tuple(reader.lacking(missing))
    if read is None or lacking:
        value = None if read is None else read.value
        return Component(anchor.metric, anchor.name, anchor.weight, value, lacking=lacking)
    low, high = sorted(component_score(anchor, each) for each in (read.low, read.high))
    score = component_score(anchor, read.value)
    return Component(
        metric=anchor.metric,
        name=anchor.name,
        weight=anchor.weight,
        value=read.value,
        score=score,
        low=low,
        high=high,
    )


def _reason(name: str, published: PublishedFigures, components: Sequence[Component]) -> str:
    total = sum(each.weight for each in components)
    scored = sum(each.weight for each in components if each.score is not None)
    if too_much([each.weight for each in components if each.lacking], [total]):
        return TOO_MUCH_MISSING
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
