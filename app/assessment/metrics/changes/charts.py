"""Points behind the charts of changes."""

import numpy as np

from app.assessment.account import Account
from app.assessment.metrics.changes.failures import chance_of
from app.assessment.metrics.changes.frequency import days_of, weekly
from app.assessment.metrics.changes.recovery import recoveries, recovery_curve
from app.assessment.options import MICROSECONDS
from app.assessment.scopes import scopes_of
from app.assessment.series import Drawn, Point, series

_WINDOWS_S = (900, 1_800, 3_600, 7_200, 14_400, 28_800, 57_600, 86_400)
_GRID_S = tuple(int(each) for each in np.geomspace(60, 7 * 86_400, 60).round())


@series(
    "deployment_frequency",
    "DOR-01",
    "Changes per week (proxy)",
    kind="bars",
    x="start_us",
    y="changes",
    y_title="Changes",
)
def deployment_weeks(account: Account) -> Drawn:
    """``{"week", "start_us", "changes", "days"}`` per whole ISO week: changes, days with one."""
    found = weekly(account, account.changes.all)
    return Drawn(
        [
            {
                "week": week.name,
                "start_us": week.start,
                "changes": len(changes),
                "days": len(days_of(changes, account.clock)),
            }
            for week, changes in zip(account.weeks, found, strict=True)
        ]
    )


@series(
    "change_failure_curve",
    "DOR-02",
    "Changes followed by an incident, and by chance (proxy)",
    kind="line",
    x="seconds",
    y="share",
    y_title="Share of changes",
    unit="share",
    title_rule="above chance",
)
def change_failure_curve(account: Account) -> Drawn:
    """``{"seconds", "share", "chance"}`` over the time that a change is suspected."""
    (everything,) = scopes_of(account, "account")
    points: list[Point] = []
    for seconds in _WINDOWS_S:
        window_us = seconds * MICROSECONDS
        eligible = len(account.changes.eligible(account.changes.all, window_us))
        failed = len(account.changes.failed(None, window_us))
        points.append(
            {
                "seconds": seconds,
                "share": failed / eligible if eligible else None,
                "chance": chance_of(account, everything, seconds),
            }
        )
    return Drawn(points)


@series(
    "change_recovery",
    "DOR-04",
    "Failed changes not yet recovered (proxy)",
    kind="step",
    x="seconds",
    y="open_share",
    y_title="Share still open",
    unit="share",
    title_rule="still open",
)
def change_recovery(account: Account) -> Drawn:
    """``{"seconds", "open_share"}``: Kaplan-Meier from the first incident of a failed change."""
    (everything,) = scopes_of(account, "account")
    found = recoveries(account, everything)
    shares = recovery_curve(found).curve(_GRID_S)
    return Drawn(
        [{"seconds": at, "open_share": left} for at, left in zip(_GRID_S, shares, strict=True)]
        if found
        else []
    )
