"""The header of a page of an engagement: window, freshness and completeness of its data."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.models import ConnectionState, Engagement
from app.operations.assessments.read import AssessmentView
from app.operations.connection.status import ConnectionStatus
from app.reports.completeness import verdict
from app.reports.wording import words


@dataclass(frozen=True, slots=True)
class PageHeader:
    """``completeness`` is none, collecting, incomplete, partial or complete."""

    handle: str
    window: str
    collected_at: str | None
    completeness: str


def page_header(
    engagement: Engagement, status: ConnectionStatus, assessment: AssessmentView | None
) -> PageHeader:
    """The header of a page of ``engagement``."""
    if assessment is None:
        collecting = status.run is not None and status.moving
        word = "collecting" if collecting and status.state == ConnectionState.CONNECTED else "none"
        return PageHeader(engagement.handle, requested_window(engagement), None, word)
    document = assessment.document
    return PageHeader(
        engagement.handle,
        words.span(document["window"]["since"], document["window"]["until"]),
        document.get("collected_at"),
        verdict(document["completeness"], partial=bool(document.get("partial"))).word,
    )


def requested_window(engagement: Engagement) -> str:
    """The window of the engagement, in days of its time zone."""
    if engagement.since is None or engagement.until is None:
        return "last 90 days"
    zone = ZoneInfo(engagement.time_zone)
    last = datetime.fromtimestamp(engagement.until.timestamp() - 1, UTC)
    return (
        f"{_local_day(engagement.since, zone)} to {_local_day(last, zone)} ({engagement.time_zone})"
    )


def _local_day(instant: datetime, zone: ZoneInfo) -> str:
    return words.day(instant.astimezone(zone).replace(tzinfo=UTC))
