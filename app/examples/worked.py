"""One example as the engine sees it, before anything is suppressed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.assessment.catalogue import BY_MEASURE
from app.assessment.engine import Result, assess
from app.assessment.figures import Value
from app.assessment.options import HOUR, MICROSECONDS, AssessmentOptions
from app.assessment.rows import Facts
from app.assessment.scopes import Level, scopes_of
from app.examples.identities import Identities

HOUR_US = HOUR * MICROSECONDS
_PLACES: tuple[Level, ...] = ("policy", "schedule", "service", "team")


@dataclass(frozen=True)
class Worked:
    """``Extract`` functions take one and what is expected, and read nothing else."""

    facts: Facts
    options: AssessmentOptions
    ids: Identities

    @cached_property
    def result(self) -> Result:
        """Everything the engine computes."""
        return assess(self.facts, self.options)

    def measured(self, name: str) -> list[Value]:
        """Values of a measure for the whole account, also of a metric that is not shown there."""
        found = [
            Value(name, figure.value, figure.n or 0, figure.interval, figure.key)
            for figure in self.result.figures
            if figure.measure == name and figure.level == "account"
        ]
        metric = BY_MEASURE.get(name)
        if found or metric is None:
            return found
        account = self.result.account
        scope = scopes_of(account, "account")[0]
        return [value for value in metric.compute(account, scope) if value.measure == name]

    @cached_property
    def people(self) -> tuple[bytes, ...]:
        """Everyone whom the example names as a user."""
        return tuple(each.id for each in self.facts.responders)

    def by_place(self, name: str, wanted_ids: Iterable[str]) -> Mapping[str, float | None] | None:
        """Values of a measure at the first of ``_PLACES`` that has one of ``wanted_ids``."""
        wanted = set(wanted_ids)
        for level in _PLACES:
            found = {
                str(self.ids.raw(figure.of)): figure.value
                for figure in self.result.figures
                if figure.measure == name and figure.level == level and figure.key is None
            }
            if wanted & set(found):
                return found
        return None


Extract = Callable[[Worked, object], object]
"""The value of one key; ids in it are pseudonyms, bytes or hexadecimal, or raw."""


def per_person_or(
    amounts: Callable[[Worked], Mapping[bytes, float]],
    total: Callable[[Iterable[float]], float | None],
    none: float | None = 0,
) -> Extract:
    """A map over people where one is expected, else one number for all of them.

    ``none``: the amount of a person of whom nothing is counted.
    """

    def extract(worked: Worked, expected: object) -> object:
        found = amounts(worked)
        if not isinstance(expected, Mapping):
            return total(found.values())
        return dict.fromkeys(worked.people, none) | dict(found)

    return extract


def hours(micros: float | None) -> float | None:
    """Microseconds in hours."""
    return None if micros is None else micros / HOUR_US
