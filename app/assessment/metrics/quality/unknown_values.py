"""Types, channels and statuses of PagerDuty that this version does not know."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.figures import Value, count
from app.assessment.metric import Measure, metric
from app.assessment.needs import LIFECYCLE
from app.assessment.scopes import Scope

_STATUSES = frozenset({"triggered", "acknowledged", "resolved"})


def _urgency_changed(case: Case) -> bool:
    return bool(case.timeline.shape.urgency_changes)


def _has_unknown_status(case: Case) -> bool:
    return case.incident.status not in _STATUSES


@metric(
    "DQ-07",
    "Unknown words",
    Measure("unknown_log_entry_type_count", "Log entries of unknown type", "count"),
    Measure("unknown_channel_count", "Log entries of unknown channel", "count"),
    Measure("unknown_notification_count", "Notifications without known channel", "count"),
    Measure("unknown_status_count", "Incidents of unknown status", "count"),
    Measure("urgency_changed_count", "Incidents whose urgency changed", "count"),
    chart="table",
    needs=LIFECYCLE,
)
def unknown_words(account: Account, scope: Scope) -> Iterable[Value]:
    """Of the incidents created in the window, also those merged away: log entries of a type or of
    a channel that PagerDuty did not document when this was written, notifications whose channel
    is not known, incidents of an unknown status; and incidents whose urgency was changed, which
    count by the last one."""
    logs, sent = account.logs, account.interruptions.notified
    changed = account.columns.count(_urgency_changed, scope.window_places)
    cases = len(scope.window_places)
    statuses = account.columns.count(_has_unknown_status, scope.window_places)
    return (
        count("unknown_log_entry_type_count", logs.of_unknown_type, len(logs)),
        count("unknown_channel_count", logs.of_unknown_channel, len(logs)),
        count("unknown_notification_count", sent.of_unknown_channel, sent.total),
        count("unknown_status_count", statuses, cases),
        count("urgency_changed_count", changed, cases),
    )
