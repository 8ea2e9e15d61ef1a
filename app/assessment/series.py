"""A series: the points behind one chart of the whole account."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.assessment.account import Account
from app.assessment.figures import People, PrivacyClass

Point = dict[str, int | float | bool | str | None]
Points = Sequence[Point]
Kind = Literal["line", "step", "bars", "graph"]
"""Of a graph, one series gives the nodes and another the edges."""
AxisUnit = Literal["number", "share", "s", "h", "min"]
TitleRule = Literal[
    "extremes",
    "acknowledged",
    "still open",
    "less loaded half",
    "few services",
    "signals",
    "above chance",
    "short-lived",
]
"""Which sentence the title of the chart states; reports have one function for each."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A line to compare the points with, at a fixed value or at the value of an option."""

    axis: Literal["x", "y"]
    label: str
    at: float | None = None
    option: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A declaration; ``x`` and ``y`` name the keys of a point."""

    name: str
    metric: str
    title: str
    kind: Kind
    x: str
    y: str
    privacy: PrivacyClass
    compute: Callable[[Account], "Drawn"]
    sensitive: bool = False
    """Sleep, rest and nights: ten people instead of eight (PRIV-1)."""
    follows: str = ""
    """Measure of the same numbers week by week: where one of them is withheld, all points are."""
    y_title: str = ""
    unit: AxisUnit = "number"
    """Of ``y`` and of the lines beside it."""
    title_rule: TitleRule = "extremes"
    reference: Reference | None = None
    needs: tuple[str, ...] = ()
    """Resources that it needs besides those of the metric."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Points, and the number of people behind them where the series is over people (P1)."""

    points: Points
    people: int | None = None
    parts: Sequence[People] = ()
    """Where points add up to a figure: each person's part of each point, and of the remainder."""

    def as_json(self) -> list[Point]:
        return [dict(point) for point in self.points]


def series(
    name: str,
    metric: str,
    title: str,
    *,
    kind: Kind,
    x: str,
    y: str,
    privacy: PrivacyClass = "P0",
    sensitive: bool = False,
    follows: str = "",
    y_title: str = "",
    unit: AxisUnit = "number",
    title_rule: TitleRule = "extremes",
    reference: Reference | None = None,
    needs: tuple[str, ...] = (),
) -> Callable[[Callable[[Account], Drawn]], Series]:
    """Declares a series; over people it is a spread and needs eight of them (PRIV-1)."""

    def declare(compute: Callable[[Account], Drawn]) -> Series:
        return Series(
            name=name,
            metric=metric,
            title=title,
            kind=kind,
            x=x,
            y=y,
            privacy=privacy,
            compute=compute,
            sensitive=sensitive,
            follows=follows,
            y_title=y_title,
            unit=unit,
            title_rule=title_rule,
            reference=reference,
            needs=needs,
        )

    return declare


def as_json(found: dict[str, Drawn]) -> dict[str, Any]:
    """``{"ack_curve": [{"seconds": 10, "share": 0.1}, …]}``."""
    return {name: drawn.as_json() for name, drawn in found.items()}
