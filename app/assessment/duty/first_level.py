"""Incidents that began on level 1, and how long level 1 was covered (LOAD-01, LOAD-03)."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

import numpy as np

from app.assessment.cases.case import Case
from app.assessment.cases.columns import Columns, Places, created_at, policy_of
from app.assessment.duty.coverage import Coverage
from app.assessment.duty.duty import HOUR_US
from app.assessment.spans import Spans, covered_at
from app.assessment.statistics import Values


class FirstLevel:
    """Level 1 of the policies that can page: those with a service or with an incident.

    A policy is left out where a schedule of its level 1 was not collected.
    """

    def __init__(self, columns: Columns, coverage: Coverage) -> None:
        self._columns = columns
        self._paging = columns.where(_pages, np.arange(len(columns.cases)))
        self._duty = coverage.duty
        self._profiles: dict[frozenset[bytes], tuple[Values, Values]] = {}
        self._in_use = coverage.in_use

    @cached_property
    def covered(self) -> dict[bytes, Spans]:
        """Per policy when its level 1 reaches anybody."""
        paged = self._columns.words(policy_of).counts(self._paging)
        return {
            policy: self._duty.level_covered(rules[0])
            for policy, rules in self._duty.rules.items()
            if (policy in self._in_use or policy in paged) and self._duty.level_known(rules[0])
        }

    @cached_property
    def starts(self) -> dict[bytes, list[int]]:
        """Per policy when incidents began on its level 1 while it was covered, in order.

        A path starts on level 1 too where nobody is on call at all: that is not one of them.
        """
        began = self._columns.where(_begins_on_first, self._paging)
        codes = self._columns.words(policy_of).codes[began]
        at = self._columns.numbers(created_at)[began].astype(np.int64)
        return {
            policy: _inside(at[codes == code], self.covered.get(policy, []))
            for code, policy in enumerate(self._columns.words(policy_of).known)
        }

    def count(self, policies: Iterable[bytes], since: int, until: int) -> int:
        """How many incidents began on level 1 of ``policies`` in ``[since, until)``."""
        found = (self.starts.get(policy, []) for policy in policies)
        return sum(bisect_left(each, until) - bisect_left(each, since) for each in found)

    def hours(self, policies: frozenset[bytes], since: int, until: int) -> float:
        """Hours in which level 1 was covered, rota by rota, inside ``[since, until)``."""
        if policies not in self._profiles:
            self._profiles[policies] = self._profile(policies)
        at, reached = self._profiles[policies]
        if not len(at):
            return 0.0
        low, high = np.interp([since, until], at, reached)
        return float(high - low) / HOUR_US

    @cached_property
    def rotas(self) -> dict[bytes, list[int]]:
        """Per schedule on level 1 of any policy when incidents came to it, in order."""
        covered = self.covered
        return self.rotas_of(covered, self._duty.rota.first(covered)) if covered else {}

    def rotas_of(
        self, policies: Collection[bytes], schedules: AbstractSet[bytes]
    ) -> dict[bytes, list[int]]:
        """The same of some schedules, for the incidents of ``policies``; without any, of all."""
        if not policies:
            return {each: self.rotas[each] for each in sorted(self.rotas.keys() & schedules)}
        found: dict[bytes, list[int]] = {}
        for policy in sorted(policies):
            if policy in self.covered:
                for schedule in self._duty.rota.first((policy,)):
                    found.setdefault(schedule, []).extend(self.starts.get(policy, ()))
        return {
            schedule: _inside(sorted(found[schedule]), self._duty.covered(schedule))
            for schedule in sorted(found.keys() & schedules)
        }

    def _profile(self, policies: frozenset[bytes]) -> tuple[Values, Values]:
        """Instants, and the covered microseconds of all ``policies`` up to each.

        Policies that begin with the same targets wait for the same people: their hours are one.
        """
        rotas = {
            frozenset(self._duty.rules[policy][0].targets): self.covered[policy]
            for policy in policies & self.covered.keys()
        }
        edges = [
            edge
            for covered in rotas.values()
            for start, end in covered
            for edge in ((start, 1), (end, -1))
        ]
        edges.sort()
        at = np.array([moment for moment, _ in edges], dtype=np.float64)
        depth = np.cumsum([step for _, step in edges])[:-1]
        return at, np.concatenate(([0.0], np.cumsum(np.diff(at) * depth)))


def _pages(case: Case) -> bool:
    return not case.merged


def _begins_on_first(case: Case) -> bool:
    return case.path.tokens[0] == "L1"


def _inside(starts: Sequence[int] | Places, spans: Spans) -> list[int]:
    at = np.array(starts, dtype=np.int64)
    found: list[int] = at[covered_at(spans, at)].tolist()
    return found
