"""One place that figures are about: its stretch of time, its incidents and what belongs to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from typing import Literal

from app.assessment.cases.case import Case
from app.assessment.cases.columns import Columns, Places

Level = Literal["account", "team", "service", "policy", "schedule", "hour", "week"]
LEVELS: Mapping[str, Level] = {
    "A": "account",
    "T": "team",
    "V": "service",
    "E": "policy",
    "S": "schedule",
    "H": "hour",
    "W": "week",
}


@dataclass(frozen=True)
class Scope:
    """The part of the account that one figure is about.

    An incident with several teams is in each of them, so teams do not add up (C16).
    """

    level: Level
    id: str | None
    """Pseudonym in hexadecimal, ISO week ``"2024-W23"``, ISO weekday and hour ``"1-08"``."""
    since: int
    until: int
    """The window; of a week, its bounds."""
    services: frozenset[bytes]
    policies: frozenset[bytes]
    schedules: frozenset[bytes]
    window_places: Places = field(compare=False, repr=False)
    """Population W as places in ``columns``."""
    columns: Columns = field(compare=False, repr=False)
    """Of the whole account; not the account itself, which has its scopes: a cycle would keep a
    million rows until the garbage collector comes."""

    @cached_property
    def places(self) -> Places:
        """Population B likewise: W without what was merged away."""
        return self.window_places[~self.columns.flags(_merged)[self.window_places]]

    @cached_property
    def window_cases(self) -> Sequence[Case]:
        """Population W."""
        return self._at(self.window_places)

    @cached_property
    def cases(self) -> Sequence[Case]:
        """Population B."""
        return self._at(self.places)

    @property
    def length_us(self) -> int:
        return self.until - self.since

    def high_urgency(self) -> "Scope":
        """The same place, of high-urgency incidents only."""
        urgent = self.columns.where(_is_high, self.window_places)
        return replace(self, window_places=urgent)

    def _at(self, places: Places) -> Sequence[Case]:
        every = self.columns.cases
        return every if len(places) == len(every) else [every[at] for at in places.tolist()]


_merged: Callable[[Case], bool] = attrgetter("merged")


def _is_high(case: Case) -> bool:
    return case.incident.urgency == "high"
