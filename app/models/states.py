"""The closed vocabularies of stored work: states, and why a window or a run is not complete."""

from collections.abc import Iterable
from enum import StrEnum


class JobState(StrEnum):
    """How far the work of a job is: a collection run or an assessment."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


ACTIVE = (JobState.QUEUED, JobState.RUNNING)


class ConnectionState(StrEnum):
    """What has become of a connection: derived from epoch, grant and purge, never stored."""

    NONE = "none"
    CONNECTED = "connected"
    LOST = "lost"
    """PagerDuty no longer accepts the access; the records are still there."""
    DELETING = "deleting"
    DELETED = "deleted"


class WindowState(StrEnum):
    """How far a window is read."""

    OPEN = "open"
    DONE = "done"
    CUT = "cut"
    """It ended before everything was read."""
    ABSENT = "absent"
    """Plan or role do not give it."""


class Reason(StrEnum):
    """Why a window has fewer records than PagerDuty."""

    PLAN = "plan"
    ROLE = "role"
    LIST_MOVED = "list_moved"
    OVER_CAP = "over_cap"
    END_NOT_TOLD = "end_not_told"
    REFUSED = "request_refused"
    SHAPE = "unexpected_shape"
    TOO_LARGE = "too_large"
    UNREACHABLE = "unreachable"
    PARENT = "parent_incomplete"
    MALFORMED = "malformed"
    FEWER = "fewer_than_declared"
    TOTAL_NOT_STATED = "total_not_told"
    NOT_STORED = "not_stored"
    NOT_READ_YET = "not_read_yet"


class FailureCode(StrEnum):
    """Why a run or an assessment failed; a run also has the codes of ``collectors.errors``."""

    INTERNAL = "internal_error"
    GAVE_UP = "gave_up"
    """Too many claims without any progress."""
    REFUSED = "refused"
    """An assessment whose question can no longer be answered."""
    SUPERSEDED = "superseded"
    """A newer run has taken its place."""
    ALLOW_LIST_CHANGED = "allow_list_changed"
    """What would be read is not what the client has seen: the connect page must be shown again."""
    KEY_MISSING = "key_missing"


def one_of(column: str, words: Iterable[str]) -> str:
    """The condition that a column has one of these words."""
    quoted = (f"'{word}'" for word in words)
    return f"{column} IN ({', '.join(quoted)})"
