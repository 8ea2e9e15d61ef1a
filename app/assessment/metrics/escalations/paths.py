"""Which paths incidents take through their policies, and how far they go."""

from collections.abc import Callable, Iterable
from operator import attrgetter

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.cases.columns import Places
from app.assessment.figures import Value, count, share
from app.assessment.metric import Measure, metric
from app.assessment.metrics.escalations.escalation_rates import can_escalate
from app.assessment.needs import LIFECYCLE, REACH
from app.assessment.scopes import Scope
from app.assessment.statistics.distinct import counted

_TOP = 10
_SELDOM = 3
OTHER = "other"


def _path(case: Case) -> str:
    return case.path.to_first_ack()


_first_touch: Callable[[Case], bool] = attrgetter("path.first_touch")


_max_level: Callable[[Case], int] = attrgetter("path.max_level")


def _has_levels(case: Case) -> bool:
    return case.path.levels > 1


def _at_last(case: Case) -> bool:
    return case.path.max_level >= case.path.levels


@metric(
    "ESC-01",
    "Paths",
    Measure("path_count", "Incidents by path", "count"),
    levels="ATE",
    sample="rate",
    chart="flow between levels",
    source="our judgment: the ten most frequent, and none seen fewer than three times",
    needs=(*LIFECYCLE, *REACH),
    options=("pair_tolerance_s",),
)
def paths(account: Account, scope: Scope) -> Iterable[Value]:
    """The ten most frequent paths to the first acknowledgement, or to the end where there is none.

    A path names levels and causes, never people. It is derived from the log and the policy as it is
    today. The rest, and paths seen fewer than three times, are "other".
    """
    n = len(scope.places)
    for path, number in path_counts(account, scope.places):
        yield count("path_count", number, n, path)


def path_counts(account: Account, places: Places) -> list[tuple[str, int]]:
    """Paths by falling frequency, ties by their text, with all others last."""
    seen = account.columns.words(_path).counts(places)
    ranked = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
    top = [(path, number) for path, number in ranked[:_TOP] if number >= _SELDOM]
    rest = len(places) - sum(number for _, number in top)
    return [*top, (OTHER, rest)] if rest else top


@metric(
    "ESC-06",
    "Acknowledged at first touch",
    Measure("first_touch_ack_rate", "Acknowledged at first touch", "ratio"),
    levels="ATE",
    sample="prop",
    chart="bullet",
    needs=LIFECYCLE,
    options=("pair_tolerance_s",),
)
def first_touch(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents that the level they started at acknowledged before anything else, of all that could
    escalate (ESC-02)."""
    places = account.columns.where(can_escalate, scope.places)
    yield share("first_touch_ack_rate", account.columns.count(_first_touch, places), len(places))


@metric(
    "ESC-07",
    "Level reached",
    Measure("max_level_mean", "Highest level reached, mean", "level", "mean", sample="dur"),
    Measure("incidents_by_max_level", "Incidents by highest level reached", "count", sample="rate"),
    Measure("last_level_rate", "Share that reached the last level", "ratio"),
    levels="AE",
    sample="prop",
    chart="bar",
    source="our judgment: above 5 % at the last level",
    needs=(*LIFECYCLE, *REACH),
    options=("pair_tolerance_s",),
)
def level_reached(account: Account, scope: Scope) -> Iterable[Value]:
    """The highest level of the policy that an incident stood on, before or after anybody answered.

    The share at the last level is of incidents whose policy has two levels or more: a policy with
    one level cannot escalate further.
    """
    columns, n = account.columns, len(scope.places)
    levels = columns.numbers(_max_level)[scope.places]
    yield Value("max_level_mean", float(levels.mean()) if n else None, n)
    for level, number in zip(*counted(levels), strict=True):
        yield count("incidents_by_max_level", int(number), n, f"L{level:.0f}")
    tall = columns.where(_has_levels, scope.places)
    yield share("last_level_rate", columns.count(_at_last, tall), len(tall))
