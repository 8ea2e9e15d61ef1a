"""Incidents week by week, in ISO weeks of the account's zone."""

from collections import Counter

import numpy as np

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.cases.columns import Places
from app.assessment.cases.effort import HOUR_US
from app.assessment.figures import durations
from app.assessment.hours import DAY_US, Week
from app.assessment.metrics.incidents.acknowledgement import ack_times
from app.assessment.scopes import scopes_of
from app.assessment.series import Drawn, Point, series


@series(
    "weekly_incidents",
    "INC-01",
    "Incidents per week",
    kind="bars",
    x="start_us",
    y="count",
    y_title="Incidents",
)
def weekly_incidents(account: Account) -> Drawn:
    """Incidents per ISO week that the window touches; one the window cuts is not complete."""
    options = account.options
    return Drawn(
        [
            {
                "start_us": week.start,
                "count": len(_base(account, week)),
                "complete": options.since <= week.start and week.end <= options.until,
            }
            for week in _touched_weeks(account)
        ]
    )


@series(
    "weekly_ack_median",
    "INC-04",
    "Time to acknowledge per week, median",
    kind="line",
    x="start_us",
    y="median_s",
    y_title="Median",
    unit="s",
)
def weekly_ack_median(account: Account) -> Drawn:
    """Per whole week; None where nobody acknowledged anything."""
    points: list[Point] = []
    for week in account.weeks:
        (median,) = durations("tta", ack_times(account, _places(account, week)), ("median",))
        points.append({"start_us": week.start, "median_s": median.value, "n": median.n})
    return Drawn(points)


@series(
    "weekly_engaged",
    "INC-13",
    "Engaged hours per week",
    kind="bars",
    x="start_us",
    y="hours",
    privacy="P1",
    follows="engaged_h",
    y_title="Hours",
    unit="h",
)
def weekly_engaged(account: Account) -> Drawn:
    """Person-hours of the incidents created in each whole week; as many people as the thinnest."""
    points: list[Point] = []
    bars: list[Counter[bytes]] = []
    (everything,) = scopes_of(account, "account")
    left = Counter(account.effort.spent_by_person(everything.places))
    for week in account.weeks:
        bars.append(Counter(account.effort.spent_by_person(_places(account, week))))
        left.subtract(bars[-1])
        points.append({"start_us": week.start, "hours": bars[-1].total() / HOUR_US})
    return Drawn(points, min((len(bar) for bar in bars if bar), default=0), [*bars, left])


@series(
    "weekly_majors",
    "INC-15",
    "Major incidents per week",
    kind="bars",
    x="start_us",
    y="count",
    y_title="Incidents",
)
def weekly_majors(account: Account) -> Drawn:
    """Major incidents created in each whole week; nothing without priorities."""
    if not account.facts.priorities:
        return Drawn([])
    return Drawn(
        [
            {"start_us": week.start, "count": sum(case.major for case in _base(account, week))}
            for week in account.weeks
        ]
    )


def _touched_weeks(account: Account) -> list[Week]:
    """Every week with any part in the window."""
    since, until = account.options.since, account.options.until
    around = account.clock.weeks(since - 8 * DAY_US, until + 8 * DAY_US)
    return [week for week in around if week.end > since and week.start < until]


def _places(account: Account, week: Week) -> Places:
    return np.array([case.number for case in _base(account, week)], dtype=np.int64)


def _base(account: Account, week: Week) -> list[Case]:
    return [case for case in account.created_between(week.start, week.end) if not case.merged]
