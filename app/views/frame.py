"""What every page of an engagement shows around its content."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.models import Engagement
from app.operations.read import AssessmentView
from app.operations.status import ConnectionStatus, RunStatus
from app.reports import words

FAILED: Mapping[str, str] = {
    "unreachable": "PagerDuty did not answer for too long.",
    "token_rejected": "PagerDuty no longer accepts the access.",
    "request_refused": "PagerDuty refused a request.",
    "not_available": "This account's plan does not offer what was asked for.",
    "unexpected_shape": "PagerDuty answered in a shape this version does not know.",
    "too_large": "An answer of PagerDuty was larger than is safe to read.",
    "key_missing": "The keys of this connection are missing: disconnect and connect again.",
    "gave_up": "It failed several times without getting further.",
    "egress_refused": "A request outside the allow-list was stopped before it left.",
}
LOST: Mapping[str, str] = {
    "revoked": "The access was withdrawn at PagerDuty.",
}
STATES: Mapping[str, str] = {
    "none": "Not connected",
    "connected": "Connected",
    "lost": "Disconnected",
    "deleting": "Deleting",
    "deleted": "Deleted",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """Window, freshness and completeness, as the header says them."""

    window: str
    collected_at: str | None
    completeness: str


def frame(
    engagement: Engagement, status: ConnectionStatus, assessment: AssessmentView | None
) -> Frame:
    """The header of a page of ``engagement``."""
    if assessment is None:
        collecting = status.run is not None and status.moving and status.state == "connected"
        return Frame(typed_window(engagement), None, "collecting" if collecting else "none")
    document = assessment.document
    whole = document["completeness"]["complete"] and not document.get("partial")
    return Frame(
        words.span(document["window"]["since"], document["window"]["until"]),
        document.get("collected_at"),
        "complete" if whole else "partial",
    )


def typed_window(engagement: Engagement) -> str:
    """The window as it was asked for, in the days of the engagement's time zone."""
    if engagement.since is None or engagement.until is None:
        return "last 90 days"
    zone = ZoneInfo(engagement.time_zone)
    last = datetime.fromtimestamp(engagement.until.timestamp() - 1, UTC)
    return (
        f"{_local_day(engagement.since, zone)} to {_local_day(last, zone)} ({engagement.time_zone})"
    )


def _local_day(instant: datetime, zone: ZoneInfo) -> str:
    return words.day(instant.astimezone(zone).replace(tzinfo=UTC))


def remaining_seconds(run: RunStatus | None) -> float | None:
    """Seconds left at the present rate; None while any total or the rate is unknown."""
    if run is None or not run.records_per_second:
        return None
    open_ones = [each for each in run.resources if each.state == "open"]
    if not open_ones or any(each.total is None for each in open_ones):
        return None
    left = sum((each.total or 0) - each.done for each in open_ones)
    return max(0.0, left / run.records_per_second)


def card(engagement: Engagement, status: ConnectionStatus) -> dict[str, Any]:
    """What the PagerDuty card needs."""
    code = (status.run.code if status.run else None) or ""
    return {
        "engagement": engagement,
        "status": status,
        "failed_words": FAILED.get(code, "It failed on our side."),
        "lost_words": LOST.get(status.lost_reason or "", "PagerDuty no longer accepts the access."),
        "remaining": remaining_seconds(status.run),
    }
