"""What every chart is made of: the option object, its axes and bars, its words and its table.

Conventions of the option objects (static/charts.js knows them): a colour that starts with ``@``
names a token of the theme; ``{"$format": name}`` stands for a formatter function.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Option = dict[str, Any]
Row = tuple[str, ...]


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
    """Resources it is drawn from that do not hold everything, in words."""


def axis(kind: str, name: str, formatter: str, **more: Any) -> Option:
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


def frame(x_axis: Option, y_axis: Option, series: list[Option], tooltip: str) -> Option:
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


def reference(at: float, name: str) -> Option:
    return {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": "@muted", "type": "dashed"},
        "label": {"formatter": name, "color": "@muted", "position": "end", "rotate": 0},
        "data": [{"xAxis": at}],
    }


def bars(data: list[Any], **more: Any) -> Option:
    return {
        "type": "bar",
        "data": data,
        "itemStyle": {"color": "@c1", "borderRadius": 2},
        "barMaxWidth": 32,
        **more,
    }
