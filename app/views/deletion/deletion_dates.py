"""The dates of deletion in words: on the Integrations page, before connecting, for the client."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core.clock import now
from app.core.deadlines import Deadlines
from app.extensions import bound
from app.models.purge import Cause
from app.operations.deletion.retention import DeletionDate
from app.reports.wording.words import duration

_BECAUSE: Mapping[Cause, Callable[[Deadlines], str]] = {
    Cause.RETENTION: lambda deadlines: (
        f"nothing is kept for longer than {duration(deadlines.retention.total_seconds())} "
        "after the connection was made"
    ),
    Cause.ENGAGEMENT_ENDED: lambda deadlines: (
        f"the engagement has then been over for {duration(deadlines.after_end.total_seconds())}"
    ),
    Cause.GRANT_LOST: lambda deadlines: (
        "PagerDuty no longer accepts the access, and it was not renewed within "
        f"{duration(deadlines.after_loss.total_seconds())}"
    ),
}


@dataclass(frozen=True, slots=True)
class DeletionLine:
    """One date; ``passed`` is one that has come, and is carried out within ``within``."""

    at: datetime
    because: str
    passed: bool
    within: str


def deletion_lines(dates: Sequence[DeletionDate]) -> list[DeletionLine]:
    """The dates in words, in the order given: the earliest first."""
    deadlines, moment = bound.config.deadlines, now()
    within = duration(deadlines.confirmation.total_seconds())
    return [
        DeletionLine(each.at, _BECAUSE[each.cause](deadlines), each.at <= moment, within)
        for each in dates
    ]
