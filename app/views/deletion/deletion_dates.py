"""The dates of deletion in words: on the Integrations page, before connecting, for the client."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core.clock import now
from app.core.terms import Terms
from app.extensions import bound
from app.models.purge import Cause
from app.operations.deletion.retention import DeletionDate
from app.reports.wording.words import duration

_BECAUSE: Mapping[Cause, Callable[[Terms], str]] = {
    Cause.RETENTION: lambda terms: (
        f"nothing is kept for longer than {duration(terms.retention.total_seconds())} "
        "after the connection was made"
    ),
    Cause.ENGAGEMENT_ENDED: lambda terms: (
        f"the engagement has then been over for {duration(terms.after_end.total_seconds())}"
    ),
    Cause.GRANT_LOST: lambda terms: (
        "PagerDuty no longer accepts the access, and it was not renewed within "
        f"{duration(terms.after_loss.total_seconds())}"
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
    terms, moment = bound.config.terms, now()
    within = duration(terms.confirmation.total_seconds())
    return [
        DeletionLine(each.at, _BECAUSE[each.cause](terms), each.at <= moment, within)
        for each in dates
    ]
