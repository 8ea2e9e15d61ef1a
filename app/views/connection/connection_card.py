"""What the PagerDuty card shows: progress and age of the data, and the next step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.clock import now
from app.models import Engagement
from app.models.states import JobState, WindowState
from app.operations.connection.status import ConnectionStatus
from app.operations.runs.progress import ResourceProgress, RunStatus
from app.reports.completeness import REASONS
from app.reports.wording import words
from app.reports.wording.deletion import CAUSES
from app.reports.wording.resource_names import resource_name
from app.views.deletion.deletion_dates import deletion_lines
from collectors.errors import Loss
from collectors.manifest import COLLECTED

COLLECTION_FAILURES: Mapping[str, str] = {
    **{code: REASONS[code] for code in ("unreachable", "request_refused", "unexpected_shape")},
    "pagerduty_away": "PagerDuty did not respond for a day.",
    "token_rejected": "PagerDuty no longer accepts the access.",
    "not_available": "The plan of this account does not offer something that Tacit requested.",
    "too_large": REASONS["too_large"],
    "key_missing": "The keys of this connection are missing: disconnect and connect again.",
    "gave_up": "It failed several times without progress.",
    "egress_refused": "Tacit stopped a request outside the allow-list before it left.",
}
ALLOW_LIST_CHANGED = "allow_list_changed"
_ACCESS_LOST: Mapping[str, str] = {
    Loss.REVOKED: "The access was withdrawn at PagerDuty.",
    Loss.EXPIRED: "The access has expired: its time was over, and PagerDuty did not renew it.",
    Loss.RESPONSE_LOST: (
        "The response of PagerDuty to a renewal of the access was lost on the way, and PagerDuty "
        "no longer accepts the former token. It does not mean that the access was cancelled there."
    ),
}
RHYTHMS = (("off", "Off"), ("daily", "Daily"), ("hourly", "Hourly"))
_ONE_BY_ONE = frozenset(resource.name for resource in COLLECTED if resource.parent)


@dataclass(frozen=True, slots=True)
class Line:
    """One resource of a run; ``state`` is waiting, reading, done, carried, cut or absent."""

    name: str
    state: str
    done: int
    total: int | None
    one_by_one: bool

    @property
    def in_words(self) -> str:
        """How far it is, in words."""
        of = f" of {words.number(self.total)}" if self._shows_total else ""
        one_by_one = " read one by one" if self.one_by_one else ""
        return f"{words.number(self.done)}{of}{one_by_one}"

    @property
    def _shows_total(self) -> bool:
        return self.total is not None and (
            self.state != WindowState.DONE or self.total != self.done
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """The resources of a run, by their state."""

    reading: list[Line]
    waiting: list[Line]
    finished: list[Line]

    @property
    def count(self) -> int:
        """How many resources the run has."""
        return len(self.reading) + len(self.waiting) + len(self.finished)


def _line(each: ResourceProgress) -> Line:
    begun = each.done > 0 or each.total is not None
    state = ("reading" if begun else "waiting") if each.state == WindowState.OPEN else each.state
    one_by_one = each.resource in _ONE_BY_ONE
    return Line(resource_name(each.resource), state, each.done, each.total, one_by_one)


def progress(run: RunStatus) -> Progress:
    """The lines of the card, in the order collected."""
    lines = [_line(each) for each in run.resources]
    return Progress(
        reading=[line for line in lines if line.state == "reading"],
        waiting=[line for line in lines if line.state == "waiting"],
        finished=[line for line in lines if line.state not in {"reading", "waiting"}],
    )


def stored_records(run: RunStatus | None) -> list[Line]:
    """What a deletion removes, counted in records per resource."""
    lines = [] if run is None else [_line(each) for each in run.resources]
    return [line for line in lines if line.done and not line.one_by_one]


def _unavailable(run: RunStatus | None) -> bool:
    """PagerDuty is unavailable: the run waits before the next attempt."""
    return run is not None and run.state == JobState.QUEUED and run.not_before is not None


def connection_card(engagement: Engagement, status: ConnectionStatus) -> dict[str, Any]:
    """What the template of the card needs."""
    run = status.run
    code = (run.code if run else None) or ""
    return {
        "engagement": engagement,
        "status": status,
        "progress": None if run is None else progress(run),
        "unavailable": _unavailable(run),
        "changed": code == ALLOW_LIST_CHANGED,
        "failed_words": COLLECTION_FAILURES.get(code, "It failed on our side."),
        "lost_words": _ACCESS_LOST.get(
            status.lost_reason or "", "PagerDuty no longer accepts the access."
        ),
        "age": None if status.as_of is None else words.ago((now() - status.as_of).total_seconds()),
        "due": status.next_refresh_at is not None and status.next_refresh_at <= now(),
        "rhythms": RHYTHMS,
        "extensions": ", ".join(map(resource_name, status.extensions)),
        "deletions": deletion_lines(status.deletions),
        "cause": CAUSES[status.purge.cause] if status.purge else "",
    }
