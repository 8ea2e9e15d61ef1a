"""A metric: its declaration, its definition (the docstring) and the function that computes it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.assessment.account import Account
from app.assessment.figures import Figure, PrivacyClass, SampleClass, Statistic, Value
from app.assessment.scopes import LEVELS, Scope, scopes_of, urgent_scopes_of

HIGH_URGENCY = "high_urgency_"
Compute = Callable[[Account, Scope], Iterable[Value]]


@dataclass(frozen=True, slots=True)
class Measure:
    """One number, or one map of numbers, that a metric gives."""

    name: str
    label: str
    unit: str
    """``"s"``, ``"h"``, ``"count"``, ``"ratio"``, ``"per week"`` and so on."""
    statistic: Statistic | None = None
    sample: SampleClass | None = None
    """Where it differs from the metric's."""
    privacy: PrivacyClass | None = None
    """Where it differs from the metric's."""
    spread: bool = False
    """A percentile, maximum, Gini or histogram over people: needs eight of them (PRIV-1)."""
    additive: bool = False
    """Over people, and its parts add up to its total: hidden parts must not be found by
    subtraction (PRIV-2), and one person must not make most of it (PRIV-3). Also true where only
    the number of observations adds up: it is published beside the value."""
    table: str = ""
    """Additive measures with the same word differ by people too: what is hidden of one must not
    come back from another. Of two, the one that is declared later is hidden first."""
    follows: str = ""
    """Withheld wherever that measure is, at the same place and key: the one tells the other."""
    sensitive: bool = False
    """Sleep, rest and nights: a minimum group of ten (PRIV-1)."""
    coarse: bool = False
    """Counted from the snapshot, so that it tells an instant: published in hours (PRIV-6)."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One entry of the catalogue."""

    id: str
    title: str
    measures: tuple[Measure, ...]
    levels: str
    """Letters of ``LEVELS``."""
    sample: SampleClass
    privacy: PrivacyClass
    chart: str
    """How it is drawn, in a word or two of the catalogue: ``"bar"``, ``"survival curve"``."""
    source: str
    """Of the definition or its thresholds; ``"our judgment"`` where nobody published one."""
    definition: str
    compute: Compute
    split: str
    """Levels on which the high-urgency incidents are also computed apart."""

    @property
    def family(self) -> str:
        return self.id.partition("-")[0]

    def measure(self, name: str) -> Measure:
        """Raises KeyError for a measure that was not declared."""
        plain = name.removeprefix(HIGH_URGENCY)
        for each in self.measures:
            if each.name == plain:
                return each
        raise KeyError(f"{self.id} declares no measure {plain}")


def metric(
    number: str,
    title: str,
    *measures: Measure,
    levels: str = "A",
    sample: SampleClass = "exact",
    privacy: PrivacyClass = "P0",
    chart: str = "number",
    source: str = "our judgment",
    split: str = "",
) -> Callable[[Compute], Metric]:
    """Declares a metric; the function's docstring is its definition and goes into the method."""

    def declare(compute: Compute) -> Metric:
        definition = " ".join((compute.__doc__ or "").split())
        return Metric(
            number,
            title,
            measures,
            levels,
            sample,
            privacy,
            chart,
            source,
            definition,
            compute,
            split,
        )

    return declare


def duration_measures(
    prefix: str, label: str, statistics: Iterable[Statistic], **more: Any
) -> tuple[Measure, ...]:
    """Measures of ``figures.durations`` with the same prefix."""
    words = {"p90": "90th percentile", "p95": "95th percentile"}
    return tuple(
        Measure(f"{prefix}_{each}_s", f"{label}, {words.get(each, each)}", "s", each, **more)
        for each in statistics
    )


def figures_of(found: Metric, account: Account) -> Iterator[Figure]:
    """Every figure of one metric, level by level."""
    for letter in found.levels:
        level = LEVELS[letter]
        for scope in scopes_of(account, level):
            yield from _of_scope(found, account, scope, "")
        if letter in found.split:
            for scope in urgent_scopes_of(account, level):
                yield from _of_scope(found, account, scope, HIGH_URGENCY)


def _of_scope(found: Metric, account: Account, scope: Scope, prefix: str) -> Iterator[Figure]:
    for value in found.compute(account, scope):
        measure = found.measure(value.measure)
        yield Figure(
            found.id,
            prefix + value.measure,
            value.value,
            measure.unit,
            value.n,
            value.interval,
            scope.level,
            scope.id,
            value.key,
            measure.sample or found.sample,
            measure.statistic,
            measure.privacy or found.privacy,
            value.people,
        )
