"""Changes during an incident, and services without change events."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.cases.columns import service_of
from app.assessment.figures import Value, share
from app.assessment.metric import Measure, metric
from app.assessment.metrics.changes.frequency import changes_in
from app.assessment.needs import LIFECYCLE
from app.assessment.scopes import Scope


@metric(
    "DOR-06",
    "Rework (proxy)",
    Measure("rework_share", "Changes during an incident of the same service", "ratio"),
    levels="AV",
    sample="prop",
    source="DORA, deployment rework rate (2025)",
    needs=(*LIFECYCLE, "change_events"),
    options=("excluded_urgencies", "change_dedupe_s"),
)
def rework(account: Account, scope: Scope) -> Iterable[Value]:
    """Changes made while an incident of one of their services was open, over all changes.

    Low urgency is left out. An incident that starts with the change may come from it and does not
    count.
    """
    found = changes_in(account, scope)
    during = sum(account.changes.during_incident(change) for change in found)
    return (share("rework_share", during, len(found)),)


@metric(
    "DOR-07",
    "Change visibility (proxy)",
    Measure("change_visibility", "Services with incidents that also have changes", "ratio"),
    levels="AT",
    sample="prop",
    needs=("incidents", "services", "change_events"),
)
def change_visibility(account: Account, scope: Scope) -> Iterable[Value]:
    """Services with incidents in the window that also have changes in it.

    Over the services with incidents. Below half, the other change figures say little.
    """
    alerting = account.columns.words(service_of).counts(scope.places).keys()
    seen = alerting & account.changes.services
    return (share("change_visibility", len(seen), len(alerting)),)
