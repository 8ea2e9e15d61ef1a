"""How many incidents there are, and how many of them were merged into another."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.figures import Value, rate, share, tally
from app.assessment.hours import WEEK_US
from app.assessment.metric import Measure, metric
from app.assessment.scopes import Scope


@metric(
    "INC-01",
    "Incidents",
    Measure("incident_count", "Incidents", "count"),
    Measure("incidents_per_week", "Incidents per week", "per week"),
    levels="ATVEW",
    sample="rate",
    split="AT",
    chart="weekly bars",
    source="PagerDuty counts merged incidents too (total_incident_count)",
    needs=("incidents",),
)
def incidents(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents created in the window, without those merged into another; per seven days too."""
    n = len(scope.places)
    return tally("incident_count", n), rate("incidents_per_week", n, scope.length_us / WEEK_US)


@metric(
    "INC-02",
    "Merged share",
    Measure("merged_count", "Merged incidents", "count", sample="rate"),
    Measure("merged_rate", "Share merged", "ratio"),
    levels="AV",
    sample="prop",
    chart="stacked bar",
    source="our judgment: above 25 % grouping is done by hand",
    needs=("incidents",),
)
def merged(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents of the window that were merged into another, of all incidents of the window.

    The other figures leave them out, also where the other incident lies outside the window.
    """
    n = len(scope.window_places)
    hits = n - len(scope.places)
    return tally("merged_count", hits), share("merged_rate", hits, n)
