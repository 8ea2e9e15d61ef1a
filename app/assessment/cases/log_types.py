"""PagerDuty's types of log entries: which come first at one instant, and what they do (C6)."""

_ORDER = (
    "trigger",
    "unacknowledge",
    "repeat_escalation_path",
    "escalate",
    "delegate",
    "assign",
    "notify",
    "acknowledge",
    "snooze",
    "exhaust_escalation_path",
    "annotate",
    "resolve",
)
RANK = {f"{name}_log_entry": rank for rank, name in enumerate(_ORDER)}
RANK["acknowledgement_log_entry"] = RANK["acknowledge_log_entry"]
UNRANKED = len(_ORDER)
"""After all that have a rank."""
TRIGGER = "trigger_log_entry"
NOTIFY = "notify_log_entry"
ASSIGN = "assign_log_entry"
RESOLVE = "resolve_log_entry"
REOPEN = "reopen_log_entry"
SNOOZE = "snooze_log_entry"
UNACKNOWLEDGE = "unacknowledge_log_entry"
URGENCY_CHANGE = "urgency_change_log_entry"
ACKNOWLEDGE = frozenset({"acknowledge_log_entry", "acknowledgement_log_entry"})
ESCALATE = frozenset({"escalate_log_entry", "repeat_escalation_path_log_entry"})
RETRIGGER = ESCALATE | {UNACKNOWLEDGE, "delegate_log_entry"}
"""What puts an acknowledged incident back into triggered state."""
CHANGES_STATE = RETRIGGER | ACKNOWLEDGE | {TRIGGER, REOPEN, SNOOZE, RESOLVE}
REOPENS = frozenset({TRIGGER, REOPEN})
"""What opens a resolved incident again."""
SHOWS_OPEN = ACKNOWLEDGE | {UNACKNOWLEDGE, ASSIGN, "escalate_log_entry"}
"""What happens to open incidents only: it shows a reopening that has no entry of its own."""
HANDS_ON = RETRIGGER | {ASSIGN, RESOLVE}
"""By which an incident is handed on, let go or ended: whoever does no more took no part in it."""
_WITHOUT_RANK = (
    URGENCY_CHANGE,
    REOPEN,
    "reach_ack_limit_log_entry",
    "reach_trigger_limit_log_entry",
    "field_value_change_log_entry",
    "custom_field_value_change_log_entry",
    # Not documented, but sent:
    "priority_change_log_entry",
    "responder_request_log_entry",
    "status_update_log_entry",
)
KNOWN = (*RANK, *_WITHOUT_RANK)
"""Every type that is read; PagerDuty documents all but a few."""
