"""Whole ISO weeks of one scope: its incidents, and the figures that are followed over them."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.cases.columns import Numbers, Places, created_at, possible
from app.assessment.metrics.incidents.acknowledgement import ack_times
from app.assessment.metrics.incidents.recovery import recovery
from app.assessment.metrics.noise.resolution import is_transient
from app.assessment.options import MICROSECONDS
from app.assessment.scopes import Scope
from app.assessment.series import AxisUnit
from app.assessment.statistics import percentile


def places_by_week(account: Account, scope: Scope) -> list[Places]:
    """Incidents of each whole week of the window, in the account's zone (TRD-01)."""
    bounds = [week.start for week in account.weeks]
    bounds += [week.end for week in account.weeks[-1:]]
    created = account.columns.numbers(created_at)[scope.places]
    return [scope.places[low:high] for low, high in pairwise(np.searchsorted(created, bounds))]


def counts_by_week(account: Account, scope: Scope) -> list[int]:
    """INC-01 of each whole week; a week without an incident is 0."""
    return [len(places) for places in places_by_week(account, scope)]


def recovery_us(account: Account, places: Places) -> Numbers:
    """INC-08: times to resolve of population H in microseconds; impossible ones left out (C5)."""
    return possible(account.columns.numbers(_recovery_us)[places])


def median(values: Sequence[float] | Numbers) -> float | None:
    """None without values."""
    return percentile(np.sort(np.array(values, dtype=np.float64)), 0.5) if len(values) else None


def _number(_: Account, places: Places) -> float:
    return len(places)


def _tta_median(account: Account, places: Places) -> float | None:
    middle = median(ack_times(account, places))
    return None if middle is None else middle / MICROSECONDS


def _transient_share(account: Account, places: Places) -> float | None:
    n = len(places)
    return account.columns.count(is_transient, places) / n if n else None


class Followed(NamedTuple):
    """A weekly figure; ``of`` gives None for a week without data, which is then left out."""

    label: str
    unit: str
    axis_unit: AxisUnit
    of: Callable[[Account, Places], float | None]
    needs: tuple[str, ...] = ()
    """Resources that it needs besides incidents."""


FOLLOWED: Mapping[str, Followed] = {
    "weekly_incidents": Followed("Incidents per week", "count", "number", _number),
    "weekly_tta_median": Followed(
        "Median time to acknowledge per week", "s", "s", _tta_median, ("log_entries",)
    ),
    "weekly_transient_share": Followed(
        "Transient share per week", "ratio", "share", _transient_share, ("log_entries",)
    ),
}
"""INC-01, INC-04 and NOI-02: the three whose rise is a finding (F46)."""


def _recovery_us(case: Case) -> int | None:
    return recovery(case) if case.counts_for_dora else None
