"""The title of a chart of a series, and the line to compare its points with."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.assessment.series import Series, TitleRule
from app.reports.charts.axes import Point, x_key, x_kind, x_words, y_kind, y_title
from app.reports.figures import account_figures
from app.reports.wording import units, words

Document = Mapping[str, Any]
_HALF, _MOST = 0.5, 0.8
ReferenceLine = tuple[Mapping[str, float], str]


def reference_of(document: Document, series: Series) -> ReferenceLine | None:
    """Where the declared line is drawn, and its label."""
    declared = series.reference
    if declared is None:
        return None
    if declared.at is not None:
        return {f"{declared.axis}Axis": declared.at}, declared.label
    set_to = document["options"][declared.option]
    return {f"{declared.axis}Axis": set_to}, f"{declared.label}: {words.duration(set_to)}"


def title_of(document: Document, series: Series, points: Sequence[Point]) -> str:
    """What the chart shows, in one sentence; the extremes where the series' rule finds nothing."""
    rule = _RULES.get(series.title_rule)
    title = rule(document, points) if rule else ""
    if title:
        return title
    return _peak(series, points) if series.kind == "bars" else _range(series, points)


def _acknowledged(document: Document, _: Sequence[Point]) -> str:
    figures = account_figures(document, ("acked_within_target_rate", "ack_rate"))
    target = words.duration(document["options"]["ack_target_s"])
    within = figures["acked_within_target_rate"].value
    if within.endswith("%"):
        return f"{within} of incidents are acknowledged within {target}"
    rate = figures["ack_rate"].value
    return f"{rate}{' of' if rate.endswith('%') else ''} incidents are acknowledged"


def _still_open(_: Document, points: Sequence[Point]) -> str:
    half = next((p["seconds"] for p in points if p["open_share"] <= _HALF), None)
    if half is not None:
        return f"Half are over within {words.duration(half)}"
    last = points[-1]
    return f"{words.percent(last['open_share'])} are open after {words.duration(last['seconds'])}"


def _less_loaded_half(_: Document, points: Sequence[Point]) -> str:
    share = next((p["hours_share"] for p in points if p["people_share"] >= _HALF), None)
    return "" if share is None else f"The less loaded half has {words.percent(share)} of the hours"


def _few_services(_: Document, points: Sequence[Point]) -> str:
    number = next((p["services"] for p in points if p["share of incidents"] >= _MOST), None)
    if number is None:
        return ""
    noun = "service makes" if number == 1 else "services make"
    return f"{number} {noun} 80 % of the incidents"


def _signals(_: Document, points: Sequence[Point]) -> str:
    if all(point.get("mean") is None for point in points):
        return ""
    found = sum(bool(point.get("signal")) for point in points)
    if not found:
        return "No week stands out from the others"
    return "1 week stands out" if found == 1 else f"{found} weeks stand out"


def _above_chance(document: Document, points: Sequence[Point]) -> str:
    window = document["options"]["attribution_window_s"]
    at = next((point for point in points if point["seconds"] >= window), None)
    if at is None:
        return ""
    share, chance = words.percent(at["share"]), words.percent(at.get("chance"))
    within = words.duration(at["seconds"])
    return f"An incident follows {share} of changes within {within}, {chance} by chance"


def _short_lived(document: Document, points: Sequence[Point]) -> str:
    bound = document["options"]["transient_s"]
    at = next((point for point in points if point["seconds"] >= bound), None)
    if at is None:
        return ""
    return f"{words.percent(at['share'])} resolve themselves within {words.duration(at['seconds'])}"


_RULES: Mapping[TitleRule, Callable[[Document, Sequence[Point]], str]] = {
    "acknowledged": _acknowledged,
    "still open": _still_open,
    "less loaded half": _less_loaded_half,
    "few services": _few_services,
    "signals": _signals,
    "above chance": _above_chance,
    "short-lived": _short_lived,
}


def _peak(series: Series, points: Sequence[Point]) -> str:
    """The tallest bar, where one is."""
    key, kind = x_key(series, points), y_kind(series)
    most = max(point[series.y] or 0 for point in points)
    tallest = [point for point in points if point[series.y] == most]
    shown = units.bare(most, kind)
    what = y_title(series, series.y).lower()
    if len(tallest) > 1:
        return f"{series.title}: at most {shown}, {len(tallest)} times"
    where = x_words(key, tallest[0], with_year=True)
    counted = f"{shown} {what}" if kind == "number" else shown
    return f"{series.title}: at most {counted} ({where})"


def _range(series: Series, points: Sequence[Point]) -> str:
    """From the lowest to the highest."""
    kind = y_kind(series)
    values = [point[series.y] for point in points if point[series.y] is not None]
    low, high = units.bare(min(values), kind), units.bare(max(values), kind)
    if series.kind == "step" or x_kind(x_key(series, points)) == "duration":
        return f"{series.title}: {low} to {high}"
    return f"{series.title}: between {low} and {high}"
