"""Weekly figures against their own ordinary variation."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.assessment.account import Account
from app.assessment.figures import Value
from app.assessment.hours import Week
from app.assessment.metric import Measure, metric
from app.assessment.metrics.trends.weeks import FOLLOWED, places_by_week
from app.assessment.scopes import Scope, scopes_of
from app.assessment.series import Drawn, Series, series
from app.assessment.statistics import Xmr, xmr

_SIGNALS = ("signals", "signals_up")


class Weekly(NamedTuple):
    """The weeks that have data, their values and, from eight weeks on, their limits."""

    weeks: list[Week]
    values: list[float]
    limits: Xmr | None


def _measures() -> Iterator[Measure]:
    for name, (label, unit, _, _, needs) in FOLLOWED.items():
        yield Measure(f"{name}_mean", f"{label}, mean", unit, needs=needs)
        yield Measure(f"{name}_upper", f"{label}, upper limit", unit, needs=needs)
        yield Measure(f"{name}_lower", f"{label}, lower limit", unit, needs=needs)
        yield Measure(f"{name}_signals", f"{label}, unusual weeks", "count", needs=needs)
        yield Measure(f"{name}_signals_up", f"{label}, unusually high weeks", "count", needs=needs)


@metric(
    "TRD-01",
    "Weekly series",
    *_measures(),
    levels="ATV",
    sample="rate",
    chart="control chart",
    source="Wheeler, XmR charts (2.66 times the mean moving range)",
    needs=("incidents",),
    options=("transient_s",),
)
def weekly_series(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents, median time to acknowledge and transient share of each whole ISO week.

    Limits are the mean plus and minus 2.66 times the mean difference of neighbouring weeks, the
    lower not below 0. A week is unusual outside them, or anywhere in a run of eight or more on one
    side of the mean; weeks are numbered from 0. From eight weeks with data on; services by their
    incidents alone.
    """
    for name in ["weekly_incidents"] if scope.level == "service" else FOLLOWED:
        found = weekly(account, scope, name)
        n, limits = len(found.values), found.limits
        yield Value(f"{name}_mean", None if limits is None else limits.mean, n)
        yield Value(f"{name}_upper", None if limits is None else limits.upper, n)
        yield Value(f"{name}_lower", None if limits is None else limits.lower, n)
        yield Value(f"{name}_signals", None if limits is None else len(limits.signals), n)
        yield Value(f"{name}_signals_up", None if limits is None else _up(found, limits), n)


def weekly(account: Account, scope: Scope, name: str) -> Weekly:
    """One followed figure of a scope, week by week."""
    found = [
        (week, value)
        for week, places in zip(account.weeks, places_by_week(account, scope), strict=True)
        if (value := FOLLOWED[name].of(account, places)) is not None
    ]
    values = [value for _, value in found]
    return Weekly([week for week, _ in found], values, xmr(values))


def _up(found: Weekly, limits: Xmr) -> int:
    return sum(found.values[index] > limits.mean for index in limits.signals)


def _chart(name: str) -> Series:
    @series(
        name.replace("weekly", "weekly_xmr"),
        "TRD-01",
        FOLLOWED[name].label,
        kind="line",
        x="start_us",
        y="value",
        y_title=FOLLOWED[name].label,
        unit=FOLLOWED[name].axis_unit,
        title_rule="signals",
        needs=FOLLOWED[name].needs,
    )
    def drawn(account: Account) -> Drawn:
        (everything,) = scopes_of(account, "account")
        found = weekly(account, everything, name)
        limits = found.limits
        return Drawn(
            [
                {
                    "week": week.name,
                    "start_us": week.start,
                    "value": value,
                    "mean": None if limits is None else limits.mean,
                    "upper": None if limits is None else limits.upper,
                    "lower": None if limits is None else limits.lower,
                    "signal": limits is not None and index in limits.signals,
                }
                for index, (week, value) in enumerate(zip(found.weeks, found.values, strict=True))
            ]
        )

    return drawn


CHARTS: tuple[Series, ...] = tuple(_chart(name) for name in FOLLOWED)
"""``{"week", "start_us", "value", "mean", "upper", "lower", "signal"}`` per week with data."""
