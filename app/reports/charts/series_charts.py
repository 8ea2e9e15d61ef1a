"""Charts of declared series: curves, bars over time, heat maps of the week."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.assessment.catalogue import BY_ID
from app.assessment.series import Series
from app.reports.charts import titles
from app.reports.charts.axes import (
    BESIDE,
    Point,
    is_curve,
    x_key,
    x_kind,
    x_title,
    x_words,
    y_kind,
    y_title,
)
from app.reports.charts.drawing import (
    MOST_LINES,
    Chart,
    Option,
    axis,
    bars,
    category,
    frame,
    line,
    named_at_end,
    reference,
    seconds,
)
from app.reports.charts.heat import is_heat, week_map
from app.reports.wording import units, words
from app.reports.wording.resource_names import resource_names

MOST_BARS = 20
_SIDEWAYS = frozenset({"from", "policy"})
Document = Mapping[str, Any]


def lacking_of_series(document: Document, series: Series) -> tuple[str, ...]:
    """The incomplete resources that its points rest on, in words."""
    metric = BY_ID[series.metric]
    every = dict.fromkeys((*metric.needs, *metric.uses, *series.needs))
    return resource_names(name for name in every if name in document["missing"])


def series_chart(document: Document, series: Series) -> Chart | None:
    """One series drawn by its kind; None where it has no point, or nothing but zeros.

    Where a resource is incomplete, the title is no statement.
    """
    points: Sequence[Point] = document["series"].get(series.name) or []
    if not any(point.get(series.y) for point in points):
        return None
    key, lacking = x_key(series, points), lacking_of_series(document, series)
    title = series.title if lacking else titles.title_of(document, series, points)
    if is_heat(key):
        return week_map(
            series.name,
            title,
            {str(point[key]): point[series.y] for point in points},
            (y_title(series, series.y), y_kind(series)),
            lacking,
        )
    shown = _shown(series, points)
    drawn = _curve if is_curve(key) and series.kind != "bars" else _row_of_names
    return Chart(
        key=series.name.replace("_", "-"),
        title=title,
        text=f"{_text(series, title)}{_cut(shown, points)}",
        option=drawn(document, series, shown),
        columns=(x_title(series, key), *_names(series, shown)),
        rows=[_table_row(series, key, point, shown) for point in shown],
        height="tall" if key in _SIDEWAYS else "medium",
        lacking=lacking,
    )


def _text(series: Series, title: str) -> str:
    return f"{series.title}." if title == series.title else f"{series.title}. {title}."


def _shown(series: Series, points: Sequence[Point]) -> Sequence[Point]:
    """Of flows and of policies, the twenty highest; bands of one week put together."""
    if series.x in _SIDEWAYS:
        return sorted(points, key=lambda point: -point[series.y])[:MOST_BARS]
    if "band" not in points[0]:
        return points
    weeks: dict[str, dict[str, Any]] = {}
    for point in points:
        week = weeks.setdefault(point["week"], {"week": point["week"], series.y: 0})
        week[series.y] += point[series.y]
    return list(weeks.values())


def _cut(shown: Sequence[Point], points: Sequence[Point]) -> str:
    cut = len(points) > len(shown) == MOST_BARS
    return f" The {len(shown)} highest of {len(points)}." if cut else ""


def _lines(series: Series, points: Sequence[Point]) -> list[str]:
    return [series.y, *(key for key in BESIDE if key in points[0])][:MOST_LINES]


def _names(series: Series, points: Sequence[Point]) -> list[str]:
    return [y_title(series, key) for key in _lines(series, points)]


def _table_row(series: Series, key: str, point: Point, points: Sequence[Point]) -> tuple[str, ...]:
    kind = y_kind(series)
    numbers = [units.bare(point.get(name), kind) for name in _lines(series, points)]
    if point.get("complete") is False:
        numbers[0] += " (cut by the window)"
    x = point.get(key)
    scale = is_curve(key) and not isinstance(x, str)
    x_text = units.bare(x, x_kind(key)) if scale else x_words(key, point, with_year=True)
    return (x_text, *numbers)


def _y_axis(series: Series) -> Option:
    kind = y_kind(series)
    more = {"max": 1} if kind == "share" and series.kind == "step" else {}
    return axis("value", y_title(series, series.y), kind, min=0, **more)


def _curve(document: Document, series: Series, points: Sequence[Point]) -> Option:
    key = x_key(series, points)
    drawable = [point for point in points if key != "seconds" or point[key] > 0]
    if key == "seconds":
        x_axis = seconds(x_title(series, key), drawable[0][key], drawable[-1][key])
    else:
        x_axis = axis("value", x_title(series, key), x_kind(key), splitLine={"show": False})
        x_axis |= {"min": "dataMin", "max": "dataMax"}
    step = series.kind == "step"
    drawn = [
        line(
            y_title(series, name),
            [[point[key], point.get(name)] for point in drawable],
            number,
            step=step,
        )
        for number, name in enumerate(_lines(series, drawable))
    ]
    _refer(drawn, document, series)
    made = frame(
        x_axis,
        _y_axis(series),
        named_at_end(drawn),
        f"tip {x_kind(key)} {y_kind(series)}",
    )
    return _roomy(made, drawn)


def _row_of_names(document: Document, series: Series, points: Sequence[Point]) -> Option:
    key = x_key(series, points)
    years = {words.day(point[key])[-4:] for point in points if key == "start_us" and key in point}
    labels = [x_words(key, point, with_year=len(years) > 1) for point in points]
    if series.kind == "bars":
        drawn = [bars([_bar(series, point) for point in points], name=y_title(series, series.y))]
    else:
        drawn = [
            line(y_title(series, name), [p.get(name) for p in points], number)
            for number, name in enumerate(_lines(series, points))
        ]
        drawn[0] |= {"symbol": "circle", "symbolSize": 6}
    _refer(drawn, document, series)
    tip = f"tip text {y_kind(series)}"
    if key in _SIDEWAYS:
        return _sideways(series, labels, drawn[0], tip)
    x_axis = category(_pale(series, key, points), labels)
    return _roomy(frame(x_axis, _y_axis(series), named_at_end(drawn), tip), drawn)


def _sideways(series: Series, labels: list[str], drawn: Option, tip: str) -> Option:
    """Long names stand beside their bars, the first on top."""
    label = {
        "show": True,
        "position": "right",
        "color": "@text",
        "formatter": {"$format": f"bar {y_kind(series)}"},
    }
    turned = {**drawn, "data": drawn["data"][::-1], "label": label}
    return frame(_y_axis(series), category("", labels[::-1]), [turned], tip)


def _bar(series: Series, point: Point) -> Any:
    if point.get("complete") is False:
        return {"value": point[series.y], "itemStyle": {"opacity": 0.5}}
    return point[series.y]


def _pale(series: Series, key: str, points: Sequence[Point]) -> str:
    cut = any(point.get("complete") is False for point in points)
    return x_title(series, key) + (", pale: cut by the window" if cut else "")


def _roomy(option: Option, drawn: list[Option]) -> Option:
    """Room at the right for the names of several lines."""
    if len(drawn) > 1:
        option["grid"]["right"] = 104
    return option


def _refer(drawn: list[Option], document: Document, series: Series) -> None:
    mark = titles.reference_of(document, series)
    if mark is not None:
        drawn[0]["markLine"] = reference(*mark)
