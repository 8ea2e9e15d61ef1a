"""Points behind the charts of noise."""

from bisect import bisect_left
from collections import Counter

import numpy as np

from app.assessment.account import Account
from app.assessment.bursts import starts_of, storms_at
from app.assessment.cases.columns import Numbers
from app.assessment.hours import DAY_S
from app.assessment.metrics.noise.repetition import alerts_of
from app.assessment.metrics.noise.resolution import unattended_times
from app.assessment.options import MICROSECONDS
from app.assessment.scopes import scopes_of
from app.assessment.series import Drawn, Point, Reference, series

_CURVE_S = range(30, 1_201, 30)
_BINS = (1, 2, 3, 6, 11, 21, 51)
"""First number of alerts of each bin; the last has no end."""


@series(
    "transient_curve",
    "NOI-02",
    "Resolved by automation, by the bound on their duration",
    kind="step",
    x="seconds",
    y="share",
    y_title="Share of incidents",
    unit="share",
    title_rule="short-lived",
    reference=Reference("x", "Bound", option="transient_s"),
)
def transient_curve(account: Account) -> Drawn:
    """``{"seconds", "share", "high_urgency_share"}``: of all, of high urgency."""
    (everything,) = scopes_of(account, "account")
    high = everything.high_urgency()
    curves = [
        (np.sort(unattended_times(account, scope)), len(scope.places))
        for scope in (everything, high)
    ]
    points: list[Point] = []
    for seconds in _CURVE_S:
        shares = [_below(times, seconds) / of if of else None for times, of in curves]
        points.append({"seconds": seconds, "share": shares[0], "high_urgency_share": shares[1]})
    return Drawn(points)


def _below(times: Numbers, seconds: int) -> int:
    """How many of the sorted durations are shorter."""
    return int(np.searchsorted(times, seconds * MICROSECONDS))


@series(
    "storm_days",
    "NOI-06",
    "Storms and their incidents per day",
    kind="bars",
    x="day",
    y="incidents",
    y_title="Incidents",
)
def storm_days(account: Account) -> Drawn:
    """``{"start_us", "storms", "incidents"}`` per local day on which a storm began."""
    (everything,) = scopes_of(account, "account")
    clock = account.clock
    number: Counter[int] = Counter()
    incidents: Counter[int] = Counter()
    starts = starts_of(account.columns, everything.places, account.options)
    for storm in storms_at(starts, account.options):
        day = clock.local_s(storm.start) // DAY_S
        number[day] += 1
        incidents[day] += storm.incidents
    return Drawn(
        [
            {
                "start_us": clock.instant(day * DAY_S),
                "storms": number[day],
                "incidents": incidents[day],
            }
            for day in sorted(number)
        ]
    )


@series(
    "alerts_histogram",
    "NOI-08",
    "Alerts per incident",
    kind="bars",
    x="alerts",
    y="incidents",
    y_title="Incidents",
)
def alerts_histogram(account: Account) -> Drawn:
    """``{"alerts", "incidents"}``: incidents by the number of alerts in them, in words."""
    (everything,) = scopes_of(account, "account")
    alerts = sorted(alerts_of(account, everything).tolist())
    points: list[Point] = [{"alerts": "0", "incidents": bisect_left(alerts, 1)}]
    for low, high in zip(_BINS, (*_BINS[1:], None), strict=True):
        end = len(alerts) if high is None else bisect_left(alerts, high)
        points.append({"alerts": _bin(low, high), "incidents": end - bisect_left(alerts, low)})
    return Drawn(points if alerts else [])


def _bin(low: int, high: int | None) -> str:
    if high is None:
        return f"{low} or more"
    return str(low) if high == low + 1 else f"{low} to {high - 1}"
