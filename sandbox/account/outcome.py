"""How an incident stands after its history: what `/incidents` answers about it."""

from collections.abc import Sequence

from sandbox.account.model import Incident, LogEntry

STATUS_AFTER = {
    "trigger_log_entry": "triggered",
    "acknowledge_log_entry": "acknowledged",
    "unacknowledge_log_entry": "triggered",
    "reopen_log_entry": "triggered",
    "resolve_log_entry": "resolved",
}

_HANDS_OVER = {"assign_log_entry", "delegate_log_entry"}


def outcome(entries: Sequence[LogEntry], service: int, *, high: bool, merged: bool) -> Incident:
    """The row of one incident from its log entries, oldest first, beginning with the trigger.

    Assignments and acknowledgements are empty once it is resolved, acknowledgements also
    after it was triggered again (PagerDuty's schema `Incident`).
    """
    changes = [one for one in entries if one.type in STATUS_AFTER]
    last = changes[-1]
    status = STATUS_AFTER[last.type]
    resolved = status == "resolved"
    assigned = next((one for one in reversed(entries) if one.type in _HANDS_OVER), last)
    acked: tuple[tuple[int, int], ...] = ()
    if status == "acknowledged":
        acked = ((last.agent, last.at),)
    number = entries[0].incident
    by_hand = assigned.channel == "website" and not any(
        one.type == "escalate_log_entry" and one.at == assigned.at for one in entries
    )
    return Incident(
        created=entries[0].at,
        service=service,
        high=high,
        priority=number % 5 if number % 3 == 0 else -1,
        status=status,
        resolved=last.at if resolved else 0,
        changed=last.at,
        changed_by=last.agent,
        assigned=() if resolved else assigned.people,
        assigned_at=assigned.at,
        acked=acked,
        direct=by_hand,
        alerts=1 + number % 4,
        merged=merged and resolved,
    )
