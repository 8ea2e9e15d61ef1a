"""Reports as data, made by the engine itself from a few rows."""

from typing import Any

from app.assessment.engine import assess
from app.assessment.options import MICROSECONDS, AssessmentOptions
from app.assessment.rows import Facts, Incident, LogEntry, ScheduleEntry

HOUR = 3_600 * MICROSECONDS
WEEK = 7 * 24 * HOUR
SINCE = 2_878 * WEEK + 4 * 24 * HOUR
UNTIL = SINCE + 2 * WEEK
ON_CALL, EMPTY = b"s" * 16, b"t" * 16


def incident(number: int, *, acked_after_s: int | None, open_: bool = False) -> Incident:
    created = SINCE + number * HOUR
    resolved = None if open_ else created + 2 * HOUR
    return Incident(
        id=number.to_bytes(16, "big"),
        created_at=created,
        resolved_at=resolved,
        last_status_change_at=resolved,
        status="triggered" if open_ else "resolved",
        urgency="high",
        merged=False,
        service_id=None,
        escalation_policy_id=None,
        acknowledged_at=None if acked_after_s is None else created + acked_after_s * MICROSECONDS,
    )


def ack(of: Incident, after_s: int) -> LogEntry:
    return LogEntry(
        id=b"a" + of.id[1:],
        incident_id=of.id,
        created_at=of.created_at + after_s * MICROSECONDS,
        type="acknowledge_log_entry",
        agent_type="user",
        agent_id=b"u" * 16,
        channel_type="mobile",
        assignees=(),
    )


def document(
    incidents: int = 40, *, ack_s: int = 250, partial: bool = False, complete: bool = True
) -> dict[str, Any]:
    """A report of so many incidents, each acknowledged after ``ack_s``; one schedule has a gap."""
    rows = [incident(number, acked_after_s=ack_s) for number in range(incidents)]
    entries = [ScheduleEntry(ON_CALL, SINCE, UNTIL - HOUR, b"u" * 16)]
    facts = Facts(rows, [ack(row, ack_s) for row in rows], (), (ON_CALL, EMPTY), entries)
    options = AssessmentOptions(since=SINCE, until=UNTIL, as_of=UNTIL)
    return {
        "format": "tacit-assessment",
        "engagement": "0123456789abcdef",
        "window": {"since": "2025-03-03T00:00:00Z", "until": "2025-03-17T00:00:00Z"},
        "as_of": "2025-03-17T00:00:00Z",
        "collected_at": "2025-03-17T00:04:00Z",
        "partial": partial,
        "completeness": {
            "complete": complete,
            "resources": [
                {
                    "resource": "incidents",
                    "declared": incidents,
                    "received": incidents,
                    "stored": incidents,
                    "duplicate": 0,
                    "skipped": 0,
                    "available": True,
                    "complete": complete,
                }
            ],
        },
        "allow_list_hash": "0" * 64,
        "method_version": "1",
        **assess(facts, options).as_json(),
    }
