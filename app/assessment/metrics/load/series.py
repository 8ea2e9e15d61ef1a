"""Charts of load."""

from app.assessment.account import Account
from app.assessment.metrics.load.rate import SHIFT_H
from app.assessment.scopes import scopes_of
from app.assessment.series import Drawn, Point, Reference, series


@series(
    "weekly_load",
    "LOAD-01",
    "Incidents per 12 hours on level 1, by week",
    kind="line",
    x="start_us",
    y="per_12h",
    y_title="Incidents per 12 h",
    reference=Reference("y", "Google SRE: 2 per 12 h", at=2),
)
def weekly_load(account: Account) -> Drawn:
    """Whole weeks; null where level 1 was not covered at all."""
    points: list[Point] = []
    for scope in scopes_of(account, "week"):
        covered = account.first_level.hours(scope.policies, scope.since, scope.until)
        events = account.first_level.count(scope.policies, scope.since, scope.until)
        load = events / (covered / SHIFT_H) if covered else None
        points.append({"start_us": scope.since, "incidents": events, "per_12h": load})
    return Drawn(points)
