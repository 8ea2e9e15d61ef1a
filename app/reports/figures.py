"""Figures as a page shows them: words, interval, n, and why a value is withheld."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.assessment.display import STATISTIC_MIN, Shown, events, shown
from app.assessment.figures import Figure, Statistic
from app.reports import glossary, words
from app.reports.resources import resource_names

STATISTICS: tuple[Statistic, ...] = ("mean", "median", "p90", "p95")


_UNITS = {"ratio": "", "count": ""}
"""Units that a number says by itself."""


@dataclass(frozen=True, slots=True)
class FigureView:
    """One figure in words. ``value`` is a dash where it is withheld; ``note`` says why."""

    id: str
    measure: str
    label: str
    definition: str
    value: str
    exact: str
    interval: str
    n: str
    of: str
    """For a count: what it is counted among, where that says more than the count."""
    note: str
    badge: str
    lacking: tuple[str, ...] = ()
    """Resources it rests on that do not hold everything, in words."""


def key_of(metric: Mapping[str, Any]) -> str:
    """The key of a row of a map measure; empty for a measure of the whole account."""
    return str(metric["scope"].get("key", ""))


def lacking_of(metric: Mapping[str, Any]) -> tuple[str, ...]:
    """The resources in words that a figure rests on and that do not hold everything."""
    return resource_names(metric.get("lacking", ()))


def lacking_in(document: Mapping[str, Any], measure: str) -> tuple[str, ...]:
    """The same for what is drawn from the same records as ``measure``."""
    found = (metric for metric in document["metrics"] if metric["measure"] == measure)
    return next(map(lacking_of, found), ())


def _statistic(measure: str) -> Statistic | None:
    return next((each for each in STATISTICS if f"_{each}" in measure), None)


def _figure(metric: Mapping[str, Any], entry: glossary.Entry) -> Figure:
    bounds = metric["interval"]
    return Figure(
        id=metric["id"],
        measure=metric["measure"],
        value=metric["value"],
        unit=metric["unit"],
        n=metric["n"] or 0,
        interval=None if bounds is None else (bounds[0], bounds[1]),
        scope=metric["scope"],
        sample_class=entry.sample,
        statistic=_statistic(metric["measure"]),
    )


def _note(figure: Figure, how: Shown) -> str:
    if how == "no data":
        return "no data: nothing in the window to compute it from"
    if how == "n only":
        return f"withheld: needs at least {STATISTIC_MIN[figure.statistic]} incidents"
    return ""


def _counted(figure: Figure, how: Shown) -> bool:
    """Too few for a share or a rate: the events themselves are said."""
    return how == "count" and figure.unit != "count"


def _value(figure: Figure, how: Shown) -> str:
    if how in {"no data", "n only"}:
        return words.DASH
    if _counted(figure, how):
        return f"{events(figure)} of {figure.n}" if figure.unit == "ratio" else f"{figure.n} in all"
    return words.amount(figure.value, figure.unit)


def _of(figure: Figure) -> str:
    says_more = figure.unit == "count" and figure.n and figure.value != figure.n
    return words.number(figure.n) if says_more else ""


def _interval(figure: Figure, how: Shown) -> str:
    if figure.interval is None or _counted(figure, how) or how in {"no data", "n only"}:
        return ""
    low, high = (words.amount(bound, figure.unit) for bound in figure.interval)
    return f"{low} to {high}"


def view(metric: Mapping[str, Any]) -> FigureView:
    """``metric`` is one row of the report's ``metrics``."""
    entry = glossary.entry(metric["measure"])
    figure = _figure(metric, entry)
    how = shown(figure)
    value = _value(figure, how)
    silent = _counted(figure, how) or figure.unit == "count" or entry.sample == glossary.EXACT
    said = value != words.DASH and figure.value is not None
    return FigureView(
        id=figure.id,
        measure=figure.measure,
        label=entry.label,
        definition=entry.definition,
        value=value,
        exact=f"{figure.value:,.10g} {_UNITS.get(figure.unit, figure.unit)}".strip()
        if said
        else "",
        interval=_interval(figure, how),
        n="" if silent else words.number(figure.n),
        of=_of(figure),
        note=_note(figure, how),
        badge="low n" if how == "low n" else "",
        lacking=lacking_of(metric),
    )


def account_figures(document: Mapping[str, Any], measures: Iterable[str]) -> dict[str, FigureView]:
    """Figures of the whole account in the order of ``measures``; absent ones are left out."""
    found = {metric["measure"]: metric for metric in document["metrics"] if not key_of(metric)}
    return {measure: view(found[measure]) for measure in measures if measure in found}


def by_key(document: Mapping[str, Any], measure: str) -> dict[str, Mapping[str, Any]]:
    """The rows of a map measure by key, in the report's order."""
    return {
        key_of(metric): metric
        for metric in document["metrics"]
        if metric["measure"] == measure and key_of(metric)
    }
