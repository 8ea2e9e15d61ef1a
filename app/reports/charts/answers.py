"""What a chart of a series says in its title, and the reference lines it is read against."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.assessment.series import Series
from app.reports.charts.points import Point, x_key, x_kind, x_words, y_kind, y_title
from app.reports.figures import account_figures
from app.reports.wording import units, words

Document = Mapping[str, Any]
_HALF, _MOST = 0.5, 0.8
Mark = tuple[Mapping[str, float], str]


def reference_of(document: Document, series: str) -> Mark | None:
    """Where a line is drawn to compare with, and whose it is."""
    options = document["options"]
    target, bound = options["ack_target_s"], options["transient_s"]
    marks: Mapping[str, Mark] = {
        "ack_curve": ({"xAxis": target}, f"Target: {words.duration(target)}"),
        "recovery_survival": ({"xAxis": 86_400}, "A day"),
        "transient_curve": ({"xAxis": bound}, f"Bound: {words.duration(bound)}"),
        "weekly_load": ({"yAxis": 2}, "Google SRE: 2 per 12 h"),
        "service_pareto": ({"yAxis": _MOST}, "80 %"),
    }
    return marks.get(series)


def answer(document: Document, series: Series, points: Sequence[Point]) -> str:
    """The title: what the chart answers, as far as a rule can tell."""
    special = _ANSWERS.get(series.name)
    said = special(document, points) if special else ""
    if said:
        return said
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


def _half_of_duty(_: Document, points: Sequence[Point]) -> str:
    held = next((p["hours_share"] for p in points if p["people_share"] >= _HALF), None)
    return "" if held is None else f"The less loaded half holds {words.percent(held)} of the hours"


def _few_services(_: Document, points: Sequence[Point]) -> str:
    number = next((p["services"] for p in points if p["share of incidents"] >= _MOST), None)
    if number is None:
        return ""
    noun = "service makes" if number == 1 else "services make"
    return f"{number} {noun} 80 % of the incidents"


def _signals(_: Document, points: Sequence[Point]) -> str:
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


_ANSWERS: Mapping[str, Callable[[Document, Sequence[Point]], str]] = {
    "ack_curve": _acknowledged,
    "recovery_survival": _still_open,
    "change_recovery": _still_open,
    "duty_lorenz": _half_of_duty,
    "service_pareto": _few_services,
    "weekly_xmr_incidents": _signals,
    "weekly_xmr_tta_median": _signals,
    "weekly_xmr_transient_share": _signals,
    "change_failure_curve": _above_chance,
    "transient_curve": _short_lived,
}


def _peak(series: Series, points: Sequence[Point]) -> str:
    """The tallest bar, where one is."""
    key, kind = x_key(series, points), y_kind(series, series.y)
    most = max(point[series.y] or 0 for point in points)
    tallest = [point for point in points if point[series.y] == most]
    said = units.bare(most, kind)
    what = y_title(series, series.y).lower()
    if len(tallest) > 1:
        return f"{series.title}: at most {said}, {len(tallest)} times"
    where = x_words(key, tallest[0], with_year=True)
    counted = f"{said} {what}" if kind == "number" else said
    return f"{series.title}: at most {counted} ({where})"


def _range(series: Series, points: Sequence[Point]) -> str:
    """From the lowest to the highest."""
    kind = y_kind(series, series.y)
    told = [point[series.y] for point in points if point[series.y] is not None]
    low, high = units.bare(min(told), kind), units.bare(max(told), kind)
    if series.kind == "step" or x_kind(x_key(series, points)) == "duration":
        return f"{series.title}: {low} to {high}"
    return f"{series.title}: between {low} and {high}"
