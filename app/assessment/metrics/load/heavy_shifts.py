"""Shifts with more incidents than one person handles well (LOAD-03)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from app.assessment.account import Account
from app.assessment.duty.duty import HOUR_US
from app.assessment.figures import Value, share
from app.assessment.interruptions.merged import merged
from app.assessment.metric import Measure, metric
from app.assessment.needs import LIFECYCLE, REACH, STORM_OPTIONS
from app.assessment.options import MICROSECONDS
from app.assessment.scopes import Scope
from app.assessment.spans import Span

SLICE_US = 12 * HOUR_US
LEAST_US = 6 * HOUR_US
"""A shorter rest of a block joins the slice before it."""
HEAVY = 2
"""Incidents of a 12-hour shift that leave time to deal with them (Google SRE book)."""
CRUSHING = 5
"""On-Call Health calls six and more critical."""


class Slices(NamedTuple):
    people: Counter[bytes]
    """Slices of each person."""
    incidents: list[int]
    """Of each slice."""
    storms_once: list[int]
    """The same where incidents that follow each other closely count once."""


@metric(
    "LOAD-03",
    "Heavy shifts",
    Measure(
        "shifts_over_2_share", "Share of 12 h shifts with over 2 incidents", "ratio", additive=True
    ),
    Measure(
        "shifts_over_5_share", "Share of 12 h shifts with over 5 incidents", "ratio", additive=True
    ),
    Measure(
        "shifts_over_2_storms_once_share", "The same, a storm counted once", "ratio", additive=True
    ),
    Measure(
        "shifts_over_5_storms_once_share", "The same, a storm counted once", "ratio", additive=True
    ),
    levels="ASE",
    sample="prop",
    privacy="P1",
    chart="histogram",
    source="Google SRE book: two per shift; On-Call Health: from six on critical",
    needs=(*LIFECYCLE, *REACH),
    options=STORM_OPTIONS,
)
def heavy_shifts(account: Account, scope: Scope) -> Iterable[Value]:
    """Duty blocks of each person on a schedule of level 1, cut into 12 hours from their start.

    A rest of less than 6 hours joins the slice before it. A slice is heavy with more than two
    incidents that began on level 1 meanwhile, and again with more than five. In the second view
    what begins within the storm window of a first incident is one incident with it.
    """
    found = slices_of(account, scope)
    for ending, counts in (("", found.incidents), ("_storms_once", found.storms_once)):
        for bound in (HEAVY, CRUSHING):
            above = sum(each > bound for each in counts)
            value = share(f"shifts_over_{bound}{ending}_share", above, len(counts))
            yield Value(value.measure, value.value, value.n, value.interval, people=found.people)


def slices_of(account: Account, scope: Scope) -> Slices:
    """Every 12-hour slice of the scope's rotas on level 1."""
    window_us = account.options.storm_window_s * MICROSECONDS
    found = Slices(Counter(), [], [])
    for schedule, starts in account.first_level.rotas_of(scope.policies, scope.schedules).items():
        spans = []
        for person, blocks in account.duty.blocks((schedule,)).items():
            cut = [piece for block in blocks for piece in slices(block)]
            found.people[person] += len(cut)
            spans += cut
        found.incidents.extend(_counts(spans, starts))
        found.storms_once.extend(_counts(spans, merged(starts, window_us)))
    return found


def slices(block: Span) -> list[Span]:
    """A duty block cut into 12 hours from its start."""
    start, end = block
    number = max(1, (end - start + SLICE_US - LEAST_US) // SLICE_US)
    edges = [start + each * SLICE_US for each in range(number)]
    return list(zip(edges, [*edges[1:], end], strict=True))


def _counts(spans: Sequence[Span], starts: Sequence[int]) -> list[int]:
    if not spans:
        return []
    bounds = np.array(spans, dtype=np.int64)
    found = np.searchsorted(np.array(starts, dtype=np.int64), bounds)
    return [int(each) for each in found[:, 1] - found[:, 0]]
