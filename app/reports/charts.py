"""Chart options, drawn alike on screen and on paper.

Conventions of the option objects (static/charts.js knows them): a colour that starts with ``@``
names a token of the theme; ``{"$format": name}`` stands for a formatter function.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.reports import words
from app.reports.figures import by_key
from app.reports.schedules import ScheduleRow

Option = dict[str, Any]
Row = tuple[str, ...]
LEVEL_WORDS: Mapping[str, str] = {
    "direct": "Direct",
    "auto_resolved": "Resolved itself",
    "user_resolved": "Resolved by a person",
    "open": "Still open",
}
MOST_BARS = 20
TOTAL = "total"
CURVE_TICKS = [10, 60, 300, 1_800, 7_200, 86_400, 604_800]
"""Seconds that have a short name, in place of powers of ten."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One question. ``title`` is the answer, ``text`` the text alternative, the rest the table."""

    key: str
    title: str
    text: str
    option: Option
    columns: Row
    rows: Sequence[Row]
    height: str = "medium"


def _axis(kind: str, name: str, formatter: str, **more: Any) -> Option:
    return {
        "type": kind,
        "name": name,
        "nameLocation": "middle",
        "nameTextStyle": {"color": "@muted"},
        "axisLabel": {"color": "@muted", "formatter": {"$format": formatter}},
        "axisLine": {"lineStyle": {"color": "@line"}},
        "axisTick": {"show": False},
        "splitLine": {"lineStyle": {"color": "@line"}},
        **more,
    }


def _frame(x_axis: Option, y_axis: Option, series: list[Option], tooltip: str) -> Option:
    return {
        "animation": False,
        "grid": {
            "left": 0,
            "right": 24,
            "top": 24,
            "bottom": 0,
            "outerBoundsMode": "same",
            "outerBoundsContain": "all",
        },
        "tooltip": {
            "trigger": "axis",
            "renderMode": "richText",
            "backgroundColor": "@surface",
            "borderColor": "@line",
            "textStyle": {"color": "@text", "fontSize": 13},
            "formatter": {"$format": tooltip},
        },
        "xAxis": {**x_axis, "nameGap": 28},
        "yAxis": {**y_axis, "nameGap": 44},
        "series": series,
    }


def _reference(at: float, name: str) -> Option:
    return {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": "@muted", "type": "dashed"},
        "label": {"formatter": name, "color": "@muted", "position": "end", "rotate": 0},
        "data": [{"xAxis": at}],
    }


def acknowledgement_curve(document: Mapping[str, Any], half: str | None) -> Chart | None:
    """Share of all incidents acknowledged within a time; ``half`` is the median in words."""
    points = document["series"].get("ack_curve") or []
    if not points or not points[-1]["share"]:
        return None
    pairs = [[point["seconds"], point["share"]] for point in points]
    reached = words.percent(pairs[-1][1])
    title = f"Half of acknowledged pages are answered within {half}"
    ticks = _axis(
        "log",
        "Time since creation (log scale)",
        "duration",
        min=pairs[0][0],
        max=pairs[-1][0],
        splitLine={"show": False},
    )
    ticks["axisLabel"] |= {"customValues": CURVE_TICKS, "alignMaxLabel": "right"}
    line = {
        "type": "line",
        "name": "Acknowledged",
        "data": pairs,
        "symbol": "none",
        "lineStyle": {"color": "@c1", "width": 2},
        "areaStyle": {"color": "@c1", "opacity": 0.1},
        "markLine": _reference(300, "PagerDuty's guide: 5 min"),
    }
    shares = _axis("value", "Share of incidents", "percent", min=0, max=1)
    return Chart(
        key="acknowledgement-curve",
        title=f"{reached} of pages are acknowledged" if half is None else title,
        text=f"Curve of the share of incidents acknowledged by time since creation. It ends at "
        f"{reached} after {words.duration(pairs[-1][0])}.",
        option=_frame(ticks, shares, [line], "share_within"),
        columns=("Within", "Acknowledged"),
        rows=[(words.duration(each[0]), words.percent(each[1])) for each in pairs],
    )


def _bars(data: list[Any], **more: Any) -> Option:
    return {
        "type": "bar",
        "data": data,
        "itemStyle": {"color": "@c1", "borderRadius": 2},
        "barMaxWidth": 32,
        **more,
    }


def weekly_incidents(document: Mapping[str, Any]) -> Chart | None:
    """Incidents per ISO week; a week the window cuts is drawn paler."""
    weeks = document["series"].get("weekly_incidents") or []
    if not weeks:
        return None
    starts = [words.day(week["start_us"]) for week in weeks]
    counts = [week["count"] for week in weeks]
    bars = [
        {"value": week["count"], "itemStyle": {"opacity": 1 if week["complete"] else 0.5}}
        for week in weeks
    ]
    most = max(range(len(counts)), key=counts.__getitem__)
    busiest = f"{words.number(counts[most])} incidents in the busiest week, from {starts[most]}"
    years = {start[-4:] for start in starts}
    labels = [words.short_day(week["start_us"], with_year=len(years) > 1) for week in weeks]
    return Chart(
        key="weekly-incidents",
        title=busiest,
        text=f"Bars of incidents per week over {len(weeks)} weeks: {busiest}.",
        option=_frame(
            _axis("category", "Week starting", "text", data=labels, splitLine={"show": False}),
            _axis("value", "Incidents", "number", min=0, minInterval=1),
            [_bars(bars, name="Incidents")],
            "count_at",
        ),
        columns=("Week starting", "Incidents"),
        rows=[
            (start, words.number(count) + ("" if week["complete"] else " (cut by the window)"))
            for start, count, week in zip(starts, counts, weeks, strict=True)
        ],
    )


def key_words(key: str) -> str:
    """A key of a map measure in words: ``L1`` is ``Level 1``."""
    if key[:1] == "L" and key[1:].isdigit():
        return f"Level {key[1:]}"
    return LEVEL_WORDS.get(key, words.plain_name(key))


def _sideways(key: str, column: str, title: str, text: str, pairs: list[tuple[str, int]]) -> Chart:
    total = sum(count for _, count in pairs)
    names = [name for name, _ in reversed(pairs)]
    label = {"show": True, "position": "right", "color": "@text", "formatter": {"$format": "bar"}}
    return Chart(
        key=key,
        title=title,
        text=text,
        option=_frame(
            _axis("value", "Incidents", "number", min=0, minInterval=1),
            _axis("category", "", "text", data=names, splitLine={"show": False}),
            [_bars([count for _, count in reversed(pairs)], label=label)],
            "count_at",
        ),
        columns=(column, "Incidents", "Share"),
        rows=[(name, words.number(count), words.percent(count / total)) for name, count in pairs],
        height="short",
    )


def _counted(document: Mapping[str, Any], measure: str) -> list[tuple[str, int]]:
    rows = by_key(document, measure)
    return [
        (key_words(key), round(row["value"] or 0))
        for key, row in sorted(rows.items())
        if key != TOTAL
    ]


def acknowledged_by_level(document: Mapping[str, Any]) -> Chart | None:
    """How many incidents each level of the escalation policies acknowledged first."""
    pairs = _counted(document, "ack_by_level")
    total = sum(count for _, count in pairs)
    if not total:
        return None
    first = dict(pairs).get("Level 1", 0)
    said = ", ".join(f"{name} {words.percent(count / total)}" for name, count in pairs)
    title = f"Level 1 answers {words.percent(first / total)} of what is acknowledged"
    return _sideways("ack-by-level", "Level", title, f"Bars by level: {said}.", pairs)


def never_acknowledged(document: Mapping[str, Any]) -> Chart | None:
    """How incidents ended that nobody acknowledged."""
    pairs = _counted(document, "never_acked")
    total = sum(count for _, count in pairs)
    if not total:
        return None
    said = ", ".join(f"{name} {words.number(count)}" for name, count in pairs)
    title = f"Nobody acknowledged {words.number(total)} incidents"
    return _sideways("never-acknowledged", "Outcome", title, f"Bars by outcome: {said}.", pairs)


def schedule_coverage(rows: Sequence[ScheduleRow]) -> Chart | None:
    """Hours without anybody on call, per schedule that has any."""
    gaps = [row for row in rows if row.gap_h]
    if not gaps:
        return None
    worst = f"{gaps[0].label} is uncovered for {words.hours(gaps[0].gap_h)}"
    shown = list(reversed(gaps[:MOST_BARS]))
    label = {"show": True, "position": "right", "color": "@text", "formatter": {"$format": "h"}}
    bars = _bars([row.gap_h for row in shown], label=label)
    names = [row.label for row in shown]
    return Chart(
        key="schedule-gaps",
        title=f"Schedule {worst}",
        text=f"Bars of uncovered hours for the {len(shown)} schedules with the most; {worst}.",
        option=_frame(
            _axis("value", "Uncovered hours", "number", min=0),
            _axis("category", "", "text", data=names, splitLine={"show": False}),
            [bars],
            "hours_at",
        ),
        columns=("Schedule", "Uncovered", "Gaps"),
        rows=[(row.label, words.hours(row.gap_h), words.number(row.gap_count)) for row in gaps],
    )
