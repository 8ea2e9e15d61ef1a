"""Curves of incidents: time to acknowledge, time open, age."""

from bisect import bisect_right

import numpy as np

from app.assessment.account import Account
from app.assessment.cases.columns import possible
from app.assessment.metrics.incidents.acknowledgement import tta
from app.assessment.metrics.incidents.backlog import is_open
from app.assessment.metrics.incidents.recovery import recovery_curve
from app.assessment.options import HOUR, MICROSECONDS
from app.assessment.scopes import scopes_of
from app.assessment.series import Drawn, Point, Reference, series

_CURVE_POINTS = 60
_ACK_S = (10, 7 * 86_400)
_RECOVERY_S = (60, 30 * 86_400)
_AGE_EDGES_H = (1, 6, 24, 7 * 24, 30 * 24)


@series(
    "open_age_histogram",
    "INC-03",
    "Age of open incidents",
    kind="bars",
    x="up_to_h",
    y="count",
    y_title="Incidents",
)
def open_age_histogram(account: Account) -> Drawn:
    """Open incidents by age in hours at the snapshot; None is older than all."""
    (scope,) = scopes_of(account, "account")
    ages = sorted(
        account.options.as_of - case.incident.created_at
        for case in account.columns.picked(is_open, scope.places)
    )
    points: list[Point] = []
    below = 0
    for edge in _AGE_EDGES_H:
        upto = bisect_right(ages, edge * HOUR * MICROSECONDS)
        points.append({"up_to_h": edge, "count": upto - below})
        below = upto
    return Drawn([*points, {"up_to_h": None, "count": len(ages) - below}])


@series(
    "ack_curve",
    "INC-04",
    "Acknowledged within",
    kind="line",
    x="seconds",
    y="share",
    y_title="Share of incidents",
    unit="share",
    title_rule="acknowledged",
    reference=Reference("x", "Target", option="ack_target_s"),
)
def ack_curve(account: Account) -> Drawn:
    """Acknowledged within t over a logarithmic grid, 10 s to 7 days.

    Shares of all incidents but those whose ack precedes their creation (C5).
    """
    (scope,) = scopes_of(account, "account")
    waited = account.columns.numbers(tta)[scope.places]
    times = np.sort(possible(waited))
    of = len(waited) - np.count_nonzero(waited < 0)
    return Drawn(
        [
            {
                "seconds": seconds,
                "share": int(np.searchsorted(times, seconds * MICROSECONDS, "right")) / of
                if of
                else None,
            }
            for seconds in _grid(_ACK_S)
        ]
    )


@series(
    "recovery_survival",
    "INC-09",
    "Share still open after",
    kind="step",
    x="seconds",
    y="open_share",
    y_title="Share still open",
    unit="share",
    title_rule="still open",
    reference=Reference("x", "A day", at=86_400),
)
def recovery_survival(account: Account) -> Drawn:
    """Kaplan-Meier curve of the DORA scope over a logarithmic grid, a minute to 30 days."""
    (scope,) = scopes_of(account, "account")
    grid = _grid(_RECOVERY_S)
    shares = recovery_curve(account, scope).curve(grid)
    return Drawn([{"seconds": s, "open_share": each} for s, each in zip(grid, shares, strict=True)])


def _grid(bounds: tuple[int, int]) -> list[int]:
    return [round(float(seconds)) for seconds in np.geomspace(*bounds, _CURVE_POINTS)]
