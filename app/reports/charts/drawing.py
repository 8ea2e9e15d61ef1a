"""What every chart is made of: the option object, its axes and bars, its words and its table.

Conventions of the option objects (static/charts.js knows them): a colour that starts with ``@``
names a token of the theme; ``{"$format": words}`` stands for a formatter function, whose first
word is its role and the rest the kinds of ``reports.wording.units``: ``"share"`` for the ticks of
an axis, ``"bar share"`` for the labels of bars, ``"tip duration share"`` for a tooltip.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Option = dict[str, Any]
Row = tuple[str, ...]
CURVE_TICKS = [10, 60, 300, 1_800, 7_200, 86_400, 604_800]
"""Seconds that have a short name, in place of powers of ten."""
_LEFT, _BOTTOM = 48, 30


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
    lacking: tuple[str, ...] = ()
    """Resources it is drawn from that are incomplete, in words."""


def axis(kind: str, name: str, formatter: str, **more: Any) -> Option:
    """An axis whose title says what it measures."""
    return {
        "type": kind,
        "name": name,
        "nameLocation": "middle",
        "nameTextStyle": {"color": "@muted"},
        "axisLabel": {"color": "@muted", "formatter": {"$format": formatter}, "hideOverlap": True},
        "axisLine": {"lineStyle": {"color": "@line"}},
        "axisTick": {"show": False},
        "splitLine": {"lineStyle": {"color": "@line"}},
        **more,
    }


def category(name: str, labels: Sequence[str]) -> Option:
    """An axis of names or of moments."""
    return axis("category", name, "text", data=list(labels), splitLine={"show": False})


def seconds(name: str, least: float, most: float) -> Option:
    """A logarithmic axis of durations."""
    made = axis("log", name, "duration", min=least, max=most, splitLine={"show": False})
    made["axisLabel"] |= {"customValues": CURVE_TICKS, "alignMaxLabel": "right"}
    return made


def frame(x_axis: Option, y_axis: Option, series: list[Option], tip: str, **more: Any) -> Option:
    """A chart of two axes."""
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
        "tooltip": tooltip("axis", tip),
        "xAxis": {**x_axis, "nameGap": _BOTTOM},
        "yAxis": {**y_axis, "nameGap": _LEFT},
        "series": series,
        **more,
    }


def tooltip(trigger: str, tip: str) -> Option:
    """What is said under the pointer."""
    return {
        "trigger": trigger,
        "renderMode": "richText",
        "backgroundColor": "@surface",
        "borderColor": "@line",
        "textStyle": {"color": "@text", "fontSize": 13},
        "formatter": {"$format": tip},
    }


def reference(at: Mapping[str, float], name: str) -> Option:
    """A line at ``{"xAxis": 300}`` or ``{"yAxis": 2}``, named with its source."""
    flat = "yAxis" in at
    return {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": "@muted", "type": "dashed"},
        "label": {
            "formatter": name,
            "color": "@muted",
            "position": "insideEndTop" if flat else "end",
            "rotate": 0,
        },
        "data": [dict(at)],
    }


def bars(data: list[Any], **more: Any) -> Option:
    """Bars from zero."""
    return {
        "type": "bar",
        "data": data,
        "itemStyle": {"color": "@c1", "borderRadius": 2},
        "barMaxWidth": 32,
        **more,
    }


def line(name: str, data: list[Any], number: int, *, step: bool = False) -> Option:
    """The ``number``-th line of a chart, from 0; of several, each has its name at its end."""
    drawn: Option = {
        "type": "line",
        "name": name,
        "data": data,
        "symbol": "none",
        "lineStyle": {"color": f"@c{number + 1}", "width": 2, "type": _DASHES[number]},
        "itemStyle": {"color": f"@c{number + 1}"},
    }
    return {**drawn, "step": "end"} if step else drawn


_DASHES: Sequence[str] = ("solid", "solid", "dashed", "dotted")
MOST_LINES = len(_DASHES)
LONGEST_NAME = 14


def named_at_end(lines: list[Option]) -> list[Option]:
    """Direct labels in place of a legend; a long name stands on the axis instead."""
    if len(lines) == 1:
        return lines
    labels = [
        {
            "show": len(each["name"]) <= LONGEST_NAME,
            "formatter": each["name"],
            "color": each["itemStyle"]["color"],
        }
        for each in lines
    ]
    return [
        {**each, "endLabel": label, "labelLayout": {"moveOverlap": "shiftY"}}
        for each, label in zip(lines, labels, strict=True)
    ]
