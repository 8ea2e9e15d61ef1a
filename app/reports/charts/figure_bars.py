"""Bars of a metric's own figures: the keys of its map, its places, or its values side by side."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.assessment.display import shown
from app.assessment.metric import HIGH_URGENCY
from app.reports.charts.drawing import Chart, axis, bars, category, frame
from app.reports.charts.heat import week_map
from app.reports.figures import Row, figure_of, key_of, lacking_of, value_of
from app.reports.wording import declarations, units, words
from app.reports.wording.scope_names import LEVELS, place_name

MOST_BARS = 20
_TOTAL = "total"
_APART = frozenset({"account", "hour", "week"})
_PAIR, _FEW_BARS = 2, 8
_RANK = "rank"
Named = tuple[str, Row]


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a chart of bars: title, description, axis and column."""

    title: str
    text: str
    axis: str
    column: str


def has_bar(row: Row) -> bool:
    """Whether a row may have a bar: few observations appear in words alone (C14)."""
    figure = figure_of(row)
    how = shown(figure)
    return how in {"value", "low n"} or (how == "count" and figure.unit == "count")


def keys_chart(rows: Sequence[Row]) -> Chart | None:
    """The longest map of the account."""
    drawable = [row for row in _of_level(rows, "account") if key_of(row) and has_bar(row)]
    measure = _fullest(drawable)
    if measure is None:
        return None
    of_map = [row for row in drawable if row["measure"] == measure and key_of(row) != _TOTAL]
    declared = declarations.declared(drawable[0]["id"], measure)
    if declared is not None and declared.keys == "hour":
        return _week_of_keys(measure, of_map)
    if len(of_map) == 1:
        return None
    named = [(declarations.key_name(row["id"], measure, key_of(row)), row) for row in of_map]
    long = len(named) > _FEW_BARS
    return bars_of(named if not long else highest(named), len(named), "Of")


def places_chart(rows: Sequence[Row]) -> Chart | None:
    """One measure over the level with most places."""
    drawable = [
        row
        for row in rows
        if row["scope"]["level"] not in _APART and not key_of(row) and has_bar(row)
    ]
    levels = Counter(row["scope"]["level"] for row in drawable)
    for level, _ in levels.most_common():
        of_level = _of_level(drawable, level)
        measure = _fullest(of_level)
        here = [row for row in of_level if row["measure"] == measure]
        named = [(place_name(level, row["scope"]["id"]), row) for row in here]
        made = bars_of(highest(named), len(named), LEVELS[level][0])
        if made is not None:
            return made
    return None


def hours_chart(rows: Sequence[Row]) -> Chart | None:
    """A measure by hour of the week."""
    drawable = [row for row in _of_level(rows, "hour") if has_bar(row)]
    measure = _fullest(drawable)
    if measure is None:
        return None
    here = [row for row in drawable if row["measure"] == measure]
    return _map(measure, {row["scope"]["id"]: row for row in here})


def values_chart(rows: Sequence[Row]) -> Chart | None:
    """The account's plain values of the commonest unit."""
    drawable = [row for row in _of_level(rows, "account") if not key_of(row) and has_bar(row)]
    kinds: defaultdict[str, list[Named]] = defaultdict(list)
    for row in drawable:
        kind = units.kind(figure_of(row))
        kinds[kind].append((declarations.label(row["id"], row["measure"]), row))
    for _, named in sorted(kinds.items(), key=lambda each: -len(each[1])):
        made = bars_of(named, len(named), "Figure", alike=False)
        if made is not None:
            return made
    return None


def _of_level(rows: Sequence[Row], level: str) -> list[Row]:
    return [row for row in rows if row["scope"]["level"] == level]


def _fullest(rows: Sequence[Row]) -> str | None:
    """The measure with most values, not of high urgency alone; the first declared of equals."""
    counted = Counter(
        row["measure"]
        for row in rows
        if row["value"] and not row["measure"].startswith(HIGH_URGENCY)
    )
    return max(counted, key=counted.__getitem__, default=None)


def highest(named: Sequence[Named]) -> list[Named]:
    """The twenty highest; of ranks, the first twenty."""

    def order(each: Named) -> tuple[float, str]:
        name, row = each
        return (row["value"] if row["unit"] == _RANK else -row["value"]), name

    return sorted(named, key=order)[:MOST_BARS]


def bars_of(named: Sequence[Named], of: int, column: str, *, alike: bool = True) -> Chart | None:
    """Bars in the order of ``named``; ``alike``: one measure of many places, not many measures.

    ``of`` is how many there are in all. None where nothing is above zero or below it. Where a
    resource is incomplete, the title is no statement.
    """
    if not any(row["value"] for _, row in named):
        return None
    first = named[0][1]
    label = declarations.label(first["id"], first["measure"])
    top = named[0] if first["unit"] == _RANK else max(named, key=lambda e: e[1]["value"])
    value = value_of(figure_of(top[1]))
    statement = f"{label}: highest is {top[0]}, {value}" if alike else f"{top[0]}: {value}"
    texts = Texts(
        title=label if _lacking(named) else statement,
        text=_text(named, of),
        axis=label if alike else "",
        column=column,
    )
    return _drawn(named, texts)


def _lacking(named: Iterable[Named]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, row in named for name in lacking_of(row)))


def _text(named: Sequence[Named], of: int) -> str:
    value = ", ".join(f"{name} {value_of(figure_of(row))}" for name, row in named)
    cut = f"the {len(named)} highest of {of}" if of > len(named) else f"{of}"
    return f"Bars, {cut}: {value}."


def _drawn(named: Sequence[Named], texts: Texts) -> Chart:
    first = named[0][1]
    kind = units.kind(figure_of(first))
    label = {
        "show": True,
        "position": "right",
        "color": "@text",
        "formatter": {"$format": f"bar {kind}"},
    }
    upwards = list(reversed(named))
    option = frame(
        axis("value", texts.axis, kind, min=0 if _positive(named) else None),
        category("", [name for name, _ in upwards]),
        [bars([row["value"] for _, row in upwards], label=label, name=texts.axis or "Value")],
        f"tip text {kind}",
    )
    option["grid"] |= {"right": 72, "bottom": 0 if texts.axis else 12}
    option["yAxis"]["axisLabel"] |= {"width": 220, "overflow": "truncate"}
    return Chart(
        key=f"{first['measure']}-bars".replace("_", "-"),
        title=texts.title,
        text=texts.text,
        option=option,
        columns=(texts.column, texts.axis or "Value", "n"),
        rows=[(name, value_of(figure_of(row)), words.number(row["n"])) for name, row in named],
        height=_height(len(named)),
        lacking=_lacking(named),
    )


def _height(number: int) -> str:
    if number <= _PAIR:
        return "slim"
    return "short" if number <= _FEW_BARS else "tall"


def _positive(named: Sequence[Named]) -> bool:
    return all(row["value"] >= 0 for _, row in named)


def _week_of_keys(measure: str, rows: Sequence[Row]) -> Chart:
    return _map(measure, {key_of(row): row for row in rows})


def _map(measure: str, cells: Mapping[str, Row]) -> Chart:
    first = next(iter(cells.values()))
    label = declarations.label(first["id"], measure)
    top = max(cells, key=lambda cell: cells[cell]["value"])
    value = value_of(figure_of(cells[top]))
    lacking = _lacking(cells.items())
    title = label if lacking else f"{label}: highest on {place_name('hour', top)}, {value}"
    values = {cell: row["value"] for cell, row in cells.items()}
    kind = units.kind(figure_of(first))
    return week_map(f"{measure}-week", title, values, (label, kind), lacking)
