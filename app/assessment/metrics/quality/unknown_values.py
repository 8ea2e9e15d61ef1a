"""Types, channels and statuses of PagerDuty that this version does not know."""

from collections import Counter
from collections.abc import Iterable
from itertools import chain
from operator import attrgetter

from app.assessment.account import Account
from app.assessment.cases.log_types import is_known_type
from app.assessment.cases.notified import CHANNELS
from app.assessment.figures import Value, count
from app.assessment.metric import Measure, metric
from app.assessment.needs import LIFECYCLE
from app.assessment.scopes import Scope

_STATUSES = frozenset({"triggered", "acknowledged", "resolved"})
_OTHER = "other"


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
    timelines = [case.timeline for case in scope.window_cases]
    logs = chain.from_iterable(chain(each.steps, each.notices) for each in timelines)
    # A million entries have a few dozen different combinations of words.
    combinations = Counter(map(attrgetter("type", "channel_type", "notification"), logs))
    entries = combinations.total()
    types = sum(n for (kind, _, _), n in combinations.items() if not is_known_type(kind))
    channels = sum(n for (_, channel, _), n in combinations.items() if channel == _OTHER)
    sent = {words: n for words, n in combinations.items() if words[0] == "notify_log_entry"}
    notices = sum(sent.values())
    silent = sum(n for (_, _, notification), n in sent.items() if notification not in CHANNELS)
    changed = sum(case.timeline.urgency_changed for case in scope.window_cases)
    cases = len(scope.window_cases)
    statuses = sum(case.incident.status not in _STATUSES for case in scope.window_cases)
    return (
        count("unknown_log_entry_type_count", types, entries),
        count("unknown_channel_count", channels, entries),
        count("unknown_notification_count", silent, notices),
        count("unknown_status_count", statuses, cases),
        count("urgency_changed_count", changed, cases),
    )
