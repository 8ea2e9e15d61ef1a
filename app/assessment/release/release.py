"""What has been published of figures over people, with the window of each value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from app.assessment.catalogue import BY_ID
from app.assessment.figures import Figure, Value
from app.assessment.metric import HIGH_URGENCY
from app.assessment.release.windows import Window
from app.assessment.series import Drawn


class Key(NamedTuple):
    """Which cell: a measure at a place, and a key of its map."""

    id: str
    measure: str
    level: str
    of: str | None
    key: str | None


class Cell(NamedTuple):
    """A published value, or the rule that withholds it, and the window that it is about."""

    figure: Figure
    window: Window


class Line(NamedTuple):
    """A published series and its window."""

    drawn: Drawn
    window: Window


@dataclass(frozen=True, slots=True)
class Release:
    """One set of options: every figure over people as it was last published."""

    window: Window
    cells: Mapping[Key, Cell] = field(repr=False)
    series: Mapping[str, Line] = field(repr=False)

    def as_json(self) -> dict[str, Any]:
        """For the database; no person is in it."""
        return {
            "window": list(self.window),
            "cells": [_as_list(key, cell) for key, cell in self.cells.items()],
            "series": {
                name: {"points": line.drawn.as_json(), "window": list(line.window)}
                for name, line in self.series.items()
            },
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What ``as_json`` made."""
        cells = [_cell(*each) for each in stored["cells"]]
        series = {
            name: Line(Drawn(each["points"]), Window(*each["window"]))
            for name, each in stored["series"].items()
        }
        return cls(Window(*stored["window"]), dict(cells), series)


def key_of(figure: Figure) -> Key:
    """The cell of a figure."""
    return Key(figure.id, figure.measure, figure.level, figure.of, figure.key)


def _as_list(key: Key, cell: Cell) -> list[Any]:
    figure = cell.figure
    shown = figure.value, figure.n, figure.interval, figure.withheld
    return [list(key), shown, cell.window]


def _cell(key: list[Any], shown: list[Any], window: list[int]) -> tuple[Key, Cell]:
    found = Key(*key)
    number, n, interval, withheld = shown
    bounds = None if interval is None else (interval[0], interval[1])
    plain = found.measure.removeprefix(HIGH_URGENCY)
    prefix = found.measure.removesuffix(plain)
    value = Value(plain, number, n, bounds, found.key)
    figure = BY_ID[found.id].figure(value, found.level, found.of, prefix)
    return found, Cell(figure._replace(withheld=withheld), Window(*window))
