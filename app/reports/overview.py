"""The assessment at a glance: scorecard, what was found, headline figures, first charts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.assessment.catalogue import SERIES
from app.assessment.scorecard.components import READERS
from app.reports.charts.series_charts import series_chart
from app.reports.figures import account_figures
from app.reports.findings import counted, groups, undecided
from app.reports.wording import declarations, units, words
from app.reports.wording.resource_names import resource_names

HEADLINES = (
    "incidents_per_week",
    "tta_median_s",
    "acked_within_target_rate",
    "ttr_dora_median_s",
    "missed_page_rate",
    "schedules_with_gap_count",
)
CHARTS = ("ack_curve", "weekly_incidents")
MOST_FINDINGS = 6
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ComponentView:
    """One component of a dimension; ``score`` is a dash where it is not known."""

    id: str
    name: str
    weight: str
    value: str
    score: str


@dataclass(frozen=True, slots=True)
class DimensionView:
    """One dimension; ``cap`` states which findings limit its score."""

    name: str
    score: str
    meter: float | None
    band: str
    range: str
    cap: str
    confidence: str
    factors: str
    reason: str
    components: list[ComponentView]


def overview_page(document: Document) -> dict[str, Any]:
    """What the overview's template needs."""
    drawn = [series_chart(document, each) for each in SERIES if each.name in CHARTS]
    found = groups(document)
    return {
        "figures": account_figures(document, HEADLINES),
        "measures": HEADLINES,
        "charts": sorted((c for c in drawn if c is not None), key=lambda chart: chart.key),
        "scorecard": _scorecard(document["scorecard"]),
        "dimensions": [_dimension(each) for each in document["scorecard"]["dimensions"]],
        "undecided": undecided(document),
        "findings": found[:MOST_FINDINGS],
        "more_findings": max(0, len(found) - MOST_FINDINGS),
        "severities": counted(document["findings"]),
        "families": [(slug, declarations.name_of(slug)) for slug in declarations.SLUGS],
    }


def _scorecard(card: Mapping[str, Any]) -> dict[str, str]:
    return {
        "score": words.score(card["score"]),
        "band": card["band"] or "",
        "range": _range(card),
        "reason": card["reason"],
        "thresholds": card["thresholds_version"],
    }


def _range(found: Mapping[str, Any]) -> str:
    if found["low"] is None or found["high"] is None:
        return ""
    return f"{words.score(found['low'])} to {words.score(found['high'])}"


def _dimension(found: Mapping[str, Any]) -> DimensionView:
    trust = found["confidence"]
    return DimensionView(
        name=words.plain_name(found["name"]),
        score=words.score(found["score"]),
        meter=found["score"],
        band=found["band"] or "",
        range=_range(found),
        cap=_cap(found),
        confidence=trust["word"],
        factors=", ".join(f"{name} {value:.2g}" for name, value in trust["factors"].items()),
        reason=_reason(found),
        components=[_component(each) for each in found["components"]],
    )


def _reason(found: Mapping[str, Any]) -> str:
    """Why there is no score, with the resources that are missing."""
    if not found["reason"] or not found["lacking"]:
        return str(found["reason"])
    missing = words.listed(resource_names(found["lacking"]))
    return f"{found['reason'].removesuffix('.')}: {missing}."


def _cap(found: Mapping[str, Any]) -> str:
    if found["cap"] is None:
        return ""
    by = words.listed(found["capped_by"])
    capped = found["uncapped"] is not None and found["uncapped"] > found["cap"]
    without = f", {words.score(found['uncapped'])} without" if capped else ""
    return f"capped at {found['cap']} by {by}{without}"


def _component(found: Mapping[str, Any]) -> ComponentView:
    return ComponentView(
        found["id"],
        found["name"],
        f"{found['weight']:g}",
        _value(found),
        words.score(found["score"]),
    )


def _value(component: Mapping[str, Any]) -> str:
    """In the unit of the figures that it is read from."""
    value, reader = component["value"], READERS[component["id"]]
    if value is None or not reader.keeps_unit:
        return words.plain(value)
    return units.worded(value, reader.measure.unit, reader.measure.ratio)
