"""A metric's figures of every place, level by level, as tables."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.reports.figures import FigureView, Row, key_of, view
from app.reports.wording import declarations
from app.reports.wording.scope_names import LEVELS, place_name

MOST_ROWS = 50
MOST_KEYS = 6
_DRAWN = frozenset({"account", "hour"})
"""The account stands on cards, the hours of the week in a map."""
TEAMS_OVERLAP = "An incident with several teams counts in each, so the rows do not add up."


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place: its name, its whole pseudonym, and a figure or None for each column."""

    name: str
    pseudonym: str
    cells: list[FigureView | None]


@dataclass(frozen=True, slots=True)
class PlaceTable:
    """One level; ``caption`` says how much of it is shown."""

    caption: str
    first: str
    columns: list[str]
    rows: list[PlaceRow]
    note: str


_Column = tuple[str, str]


def tables_of(rows: Sequence[Row], minimum_group: int) -> list[PlaceTable]:
    """Tables of all levels but the account; long ones end after fifty rows and say so."""
    levels: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        levels[row["scope"]["level"]].append(row)
    return [
        _table(level, levels[level], minimum_group)
        for level in LEVELS
        if level in levels and level not in _DRAWN
    ]


def _table(level: str, rows: Sequence[Row], minimum_group: int) -> PlaceTable:
    columns = _columns(rows)
    places: defaultdict[str, dict[_Column, Row]] = defaultdict(dict)
    for row in rows:
        places[str(row["scope"].get("id"))][row["measure"], key_of(row)] = row
    ordered = sorted(places) if level == "week" else _by_value(places, columns[0])
    shown = [_row(level, of, places[of], columns, minimum_group) for of in ordered[:MOST_ROWS]]
    of_people, shown = _one_window(shown)
    notes = [TEAMS_OVERLAP if level == "team" else "", of_people]
    return PlaceTable(
        caption=_caption(level, len(ordered), columns[0], rows[0]["id"]),
        first=LEVELS[level][0],
        columns=[_heading(rows[0]["id"], column) for column in columns],
        rows=shown,
        note=" ".join(filter(None, notes)),
    )


def _one_window(rows: list[PlaceRow]) -> tuple[str, list[PlaceRow]]:
    """Where all figures over people have one window, it is said once, below the table."""
    windows = {cell.window for row in rows for cell in row.cells if cell and cell.window}
    if len(windows) != 1:
        return "", rows
    (window,) = windows
    cells = [[cell and replace(cell, window="") for cell in row.cells] for row in rows]
    said = f"What people did or were asked to do: {window}."
    return said, [replace(row, cells=each) for row, each in zip(rows, cells, strict=True)]


def _columns(rows: Sequence[Row]) -> list[_Column]:
    """Measures in their order; the keys of a map too, unless they are many."""
    keys: dict[str, dict[str, None]] = {}
    for row in rows:
        keys.setdefault(row["measure"], {})[key_of(row)] = None
    few = {name: found for name, found in keys.items() if len(found) <= MOST_KEYS}
    columns = [(name, key) for name, found in few.items() for key in sorted(found)]
    plain = [column for column in columns if not column[1]]
    return plain + [column for column in columns if column[1]] or [(next(iter(keys)), "")]


def _by_value(places: dict[str, dict[_Column, Row]], first: _Column) -> list[str]:
    """The highest first; what has no value last."""

    def order(of: str) -> tuple[bool, float, str]:
        row = places[of].get(first)
        value = None if row is None else row["value"]
        return value is None, -(value or 0), of

    return sorted(places, key=order)


def _caption(level: str, number: int, first: _Column, metric: str) -> str:
    one, many = LEVELS[level]
    if level == "week":
        return f"By week: {number}"
    if number > MOST_ROWS:
        by = _heading(metric, first)
        return f"By {one.lower()}: the {MOST_ROWS} highest of {number} {many} by “{by}”"
    return f"By {one.lower()}: {number}"


def _heading(metric: str, column: _Column) -> str:
    measure, key = column
    label = declarations.label(metric, measure)
    return f"{label}: {declarations.key_name(metric, measure, key)}" if key else label


def _row(
    level: str,
    of: str,
    cells: dict[_Column, Row],
    columns: Sequence[_Column],
    minimum_group: int,
) -> PlaceRow:
    views = [view(cells[column], minimum_group) if column in cells else None for column in columns]
    return PlaceRow(place_name(level, of), of, views)
