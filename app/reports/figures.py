"""Figures as a page shows them: text, interval, n, and why a value is withheld."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.assessment.display import Shown, events, shown
from app.assessment.figures import Figure
from app.reports.wording import declarations, units, withheld, words
from app.reports.wording.resource_names import resource_names

_FEW_VALUE = "< 5"
_UNITS = {"ratio": "", "count": ""}
"""Units that need no word beside the number."""
Row = Mapping[str, Any]
"""One row of a report's ``metrics``, or of a finding's evidence."""


@dataclass(frozen=True, slots=True)
class FigureView:
    """One figure in words. ``value`` is a dash where it is withheld; ``note`` says why."""

    id: str
    measure: str
    label: str
    definition: str
    source: str
    value: str
    exact: str
    interval: str
    n: str
    of: str
    """For a count: the number it is counted among, where that adds something."""
    note: str
    badge: str
    lacking: tuple[str, ...] = ()
    """Incomplete resources that it needs, in words."""
    window: str = ""
    """Of a figure over people: ``12 weeks to 22 Nov 2026``."""

    @property
    def has_value(self) -> bool:
        """Whether there is a value to read."""
        return self.value != words.DASH


def key_of(row: Row) -> str:
    """The key of a row of a map measure; empty for a plain one."""
    return str(row["scope"].get("key", ""))


def lacking_of(row: Row) -> tuple[str, ...]:
    """The incomplete resources that a figure needs, in words."""
    return resource_names(row.get("lacking", ()))


def figure_of(row: Row) -> Figure:
    """The row as the engine's figure, for the rules of C14."""
    bounds, scope = row["interval"], row["scope"]
    measure = declarations.declared(row["id"], row["measure"])
    return Figure(
        id=row["id"],
        measure=row["measure"],
        value=row["value"],
        unit=row["unit"],
        n=row["n"],
        interval=None if bounds is None else (bounds[0], bounds[1]),
        level=scope["level"],
        of=scope.get("id"),
        key=scope.get("key"),
        sample_class=row["sample"],
        statistic=measure.statistic if measure else None,
        privacy_class=row["privacy"],
        withheld=row.get("withheld"),
        ratio=measure.ratio if measure else "share",
        minimum=declarations.minimum(row["id"]),
        not_collected=tuple(row.get("not_collected", ())),
    )


def _counted(figure: Figure, how: Shown) -> bool:
    """Too few for a share or a rate: the events themselves are shown."""
    return how == "count" and figure.unit != "count"


def value_of(figure: Figure, how: Shown | None = None) -> str:
    """The value in words, under the rules of C14; a dash where there is none to show."""
    how = how or shown(figure)
    if figure.withheld == withheld.FEW:
        return _FEW_VALUE
    if how in {"no data", "n only", "withheld"}:
        return words.DASH
    if _counted(figure, how):
        return f"{events(figure)} of {figure.n}" if figure.is_share else f"{figure.n} in all"
    return units.with_unit(figure)


def _of(figure: Figure) -> str:
    says_more = figure.unit == "count" and figure.n and figure.value != figure.n
    return words.number(figure.n) if says_more else ""


def interval_of(figure: Figure, how: Shown) -> str:
    """The 95 % interval in words; empty where no value is shown."""
    if figure.interval is None or _counted(figure, how) or how not in {"value", "low n", "count"}:
        return ""
    kind = units.kind(figure)
    low, high = (
        words.number(round(bound)) if kind == "count" else units.bare(bound, kind)
        for bound in figure.interval
    )
    return f"{low} to {high}"


def view(row: Row, minimum_group: int = 5) -> FigureView:
    """``row`` is one row of the report's ``metrics``."""
    figure, lacking = figure_of(row), lacking_of(row)
    how = shown(figure)
    silent = _counted(figure, how) or figure.unit == "count" or figure.sample_class == "exact"
    has_value = how in {"value", "low n", "count"} and figure.value is not None
    unit = _UNITS.get(figure.unit, figure.unit)
    return FigureView(
        id=figure.id,
        measure=figure.measure,
        label=declarations.label(figure.id, figure.measure),
        definition=declarations.definition(figure.id),
        source=declarations.source(figure.id),
        value=value_of(figure, how),
        exact=f"{figure.value:,.10g} {unit}".strip() if has_value else "",
        interval=interval_of(figure, how),
        n="" if silent or figure.n is None else words.number(figure.n),
        of=_of(figure),
        note=withheld.reason(figure, how, minimum_group, lacking),
        badge="low n" if how == "low n" else "",
        lacking=lacking,
        window=window_of(row),
    )


def window_of(row: Row) -> str:
    """The window of a figure over people in words; empty for any other."""
    window = row.get("window")
    if window is None:
        return ""
    return f"{window['weeks']} weeks to {words.day(window['last_day'] + 'T00:00Z')}"


def of_account(document: Mapping[str, Any]) -> list[Row]:
    """Rows of the whole account, maps included, in the report's order."""
    return [row for row in document["metrics"] if row["scope"]["level"] == "account"]


def account_figures(document: Mapping[str, Any], measures: Iterable[str]) -> dict[str, FigureView]:
    """Figures of the whole account in the order of ``measures``; absent ones are left out."""
    found = {row["measure"]: row for row in of_account(document) if not key_of(row)}
    k = document["options"]["minimum_group"]
    return {measure: view(found[measure], k) for measure in measures if measure in found}
