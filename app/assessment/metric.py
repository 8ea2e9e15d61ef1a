"""A metric: its declaration, its definition (the docstring) and the function that computes it."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from app.assessment.account import Account
from app.assessment.figures import Figure, PrivacyClass, Ratio, SampleClass, Statistic, Value
from app.assessment.needs import LEVEL_NEEDS
from app.assessment.scopes import LEVELS, Scope, scopes_of, urgent_scopes_of

HIGH_URGENCY = "high_urgency_"
KeyKind = Literal["", "seconds", "hour", "priority"]
Compute = Callable[[Account, Scope], Iterable[Value]]


@dataclass(frozen=True, slots=True)
class Measure:
    """One number, or one map of numbers, that a metric computes."""

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
    """Additive measures of one table differ by people too: a hidden part of one must not be
    computable from another. Of two, the one that is declared later is hidden first."""
    follows: str = ""
    """Withheld wherever that measure is, at the same place and key: one reveals the other."""
    sensitive: bool = False
    """Sleep, rest and nights: a minimum group of ten (PRIV-1)."""
    coarse: bool = False
    """Counted from the snapshot, so that it reveals an instant: published in hours (PRIV-6)."""
    ratio: Ratio = "share"
    """Where the unit is ``"ratio"``."""
    keys: KeyKind = ""
    """What the keys of its map are, where they do not read as words: bounds in seconds, hours of
    the week, PagerDuty's priorities by rank."""
    needs: tuple[str, ...] = ()
    """Resources that it needs besides those of the metric."""


@dataclass(frozen=True)
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
    needs: tuple[str, ...]
    """Resources without which there is no figure. Where a part of one is missing, the figures wear
    a badge and no verdict rests on them."""
    uses: tuple[str, ...]
    """Resources that it reads and can do without: where one is absent, a zero is no figure."""
    options: tuple[str, ...]
    """Options of the assessment that change its figures, besides the scope."""
    minimum: int
    """Observations it takes to be shown, where that is more than C14 requires."""

    @property
    def family(self) -> str:
        return self.id.partition("-")[0]

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Every resource that its figures are computed from."""
        every = [*self.needs, *self.uses, *(name for each in self.measures for name in each.needs)]
        return tuple(dict.fromkeys(every))

    def lacking(self, incomplete: Container[str], measure: str, level: str) -> list[str]:
        """The incomplete resources that one of its measures rests on at a level."""
        every = dict.fromkeys(self._resources(measure, level, self.uses))
        return [name for name in every if name in incomplete]

    def needed(self, measure: str, level: str) -> frozenset[str]:
        """The resources without which a measure has no figure at a level."""
        return frozenset(self._resources(measure, level, ()))

    def _resources(self, measure: str, level: str, uses: Iterable[str]) -> list[str]:
        every = [*self.needs, *self.measure(measure).needs, *uses]
        places = LEVEL_NEEDS.get(level, {})
        return [*every, *(places[name] for name in every if name in places)]

    def figure(self, value: Value, level: str, of: str | None, prefix: str = "") -> Figure:
        """A value as a figure of a place. Raises KeyError for a measure that was not declared."""
        measure = self.by_name[value.measure]
        return Figure(
            id=self.id,
            measure=prefix + value.measure,
            value=value.value,
            unit=measure.unit,
            n=value.n,
            interval=value.interval,
            level=level,
            of=of,
            key=value.key,
            sample_class=measure.sample or self.sample,
            statistic=measure.statistic,
            privacy_class=measure.privacy or self.privacy,
            people=value.people,
            ratio=measure.ratio,
            minimum=self.minimum,
        )

    def is_over_people(self, measure: Measure) -> bool:
        """Whether figures of one of its measures are over people."""
        return (measure.privacy or self.privacy) == "P1"

    def measure(self, name: str) -> Measure:
        """Raises KeyError for a measure that was not declared."""
        found = self.by_name.get(name.removeprefix(HIGH_URGENCY))
        if found is None:
            raise KeyError(f"{self.id} declares no measure {name}")
        return found

    @cached_property
    def by_name(self) -> Mapping[str, Measure]:
        return {each.name: each for each in self.measures}


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
    needs: tuple[str, ...],
    uses: tuple[str, ...] = (),
    options: tuple[str, ...] = (),
    minimum: int = 0,
) -> Callable[[Compute], Metric]:
    """Declares a metric; the function's docstring is its definition and goes into the method."""

    def declare(compute: Compute) -> Metric:
        definition = " ".join((compute.__doc__ or "").split())
        return Metric(
            id=number,
            title=title,
            measures=measures,
            levels=levels,
            sample=sample,
            privacy=privacy,
            chart=chart,
            source=source,
            definition=definition,
            compute=compute,
            split=split,
            needs=needs,
            uses=uses,
            options=options,
            minimum=minimum,
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
        yield found.figure(value, scope.level, scope.id, prefix)
