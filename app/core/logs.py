"""Typed log events only: a code, our own ids, counts, durations. No free text."""

import hashlib
import json
import logging
import re
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

_HANDLE = re.compile(r"[0-9a-f]{16}")


class Event(StrEnum):
    """Everything Tacit ever logs."""

    REQUEST = "request"
    REQUEST_FAILED = "request_failed"
    SESSION_FAILED = "session_failed"
    LOGIN = "login"
    LOGIN_REFUSED = "login_refused"
    LOGIN_THROTTLED = "login_throttled"
    LOGOUT = "logout"
    ENGAGEMENT_OPENED = "engagement_opened"
    ENGAGEMENT_END_SET = "engagement_end_set"
    CONNECT_STARTED = "connect_started"
    CONNECT_REFUSED = "connect_refused"
    CLOCKS_DIFFER = "clocks_differ"
    CONNECTED = "connected"
    GRANT_LOST = "grant_lost"
    TOKEN_REFRESHED = "token_refreshed"  # noqa: S105 - an event's name
    RUN_STARTED = "run_started"
    RUN_FINISHED = "run_finished"
    RUN_FAILED = "run_failed"
    RUN_PUT_OFF = "run_put_off"
    REFRESH_STARTED = "refresh_started"
    REQUEUED = "requeued"
    ASSESSED = "assessed"
    DOWNLOADED = "downloaded"
    CLIENT_LINK_MADE = "client_link_made"
    CLIENT_LINK_REVOKED = "client_link_revoked"
    CLIENT_LINK_REFUSED = "client_link_refused"
    EXPORTED = "exported"
    DISCONNECTED = "disconnected"
    NOT_PROMISED = "not_promised"
    KEYS_LEFT = "keys_left"
    KEYS_ROTATED = "keys_rotated"
    REVOCATION = "revocation"
    FIRM_DELETED = "firm_deleted"
    HOLDER_KILLED = "holder_killed"
    PURGE_STARTED = "purge_started"
    PURGE_BLOCKED = "purge_blocked"
    PURGE_FAILED = "purge_failed"
    PURGE_LATE = "purge_late"
    PURGED = "purged"
    SIGNING_KEY_BROKEN = "signing_key_broken"
    JOB_STARTED = "job_started"
    JOB_FINISHED = "job_finished"
    JOB_FAILED = "job_failed"
    ENQUEUE_FAILED = "enqueue_failed"
    CLOCK_BACK = "clock_back"
    SWEEP_FAILED = "sweep_failed"
    CRASHED = "crashed"
    """An unexpected error; only the place it came from is logged."""


Value = int | float | bool | StrEnum | str | None
_LOGGER = logging.getLogger("tacit")


def event(code: Event, *, error: BaseException | None = None, **fields: Value) -> None:
    """Log one event; of ``error`` the place it came from, never its message.

    Raises TypeError for a string that is neither a handle of ours nor a member of a closed list:
    no value from PagerDuty can enter a log.
    """
    for name, value in fields.items():
        if (
            isinstance(value, str)
            and not isinstance(value, StrEnum)
            and not _HANDLE.fullmatch(value)
        ):
            raise TypeError(f"log field {name} is neither a handle nor a word of a closed list")
    if error is not None:
        fields["at"] = exception_place(error)
    _LOGGER.info("event", extra={"tacit": {"event": code, **fields}})


@contextmanager
def contained(code: Event, **fields: Value) -> Iterator[None]:
    """Log an error instead of raising it: the work of others must not stop because of it."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - each caller runs one of several independent tasks
        event(code, error=error, **fields)


def exception_place(error: BaseException) -> str:
    """``function:line`` of the last two frames and the class; never the message."""
    frames = list(traceback.walk_tb(error.__traceback__))[-2:]
    places = [f"{frame.f_code.co_qualname}:{line}" for frame, line in frames]
    return " > ".join([*places, type(error).__name__])


class _EventFormatter(logging.Formatter):
    """Our events as JSON; anything else as logger, level and a hash of its format string.

    Libraries log what they handle (Authlib its code_verifier at DEBUG, urllib3 whole paths,
    drivers row values): their text never reaches a sink.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {"time": round(time.time(), 3)}
        ours = getattr(record, "tacit", None)
        if record.name == "tacit" and isinstance(ours, dict):
            line |= ours
        else:
            digest = hashlib.sha256(str(record.msg).encode()).hexdigest()[:12]
            line |= {"logger": record.name, "level": record.levelname, "format": digest}
            if record.exc_info and record.exc_info[1]:
                line["at"] = exception_place(record.exc_info[1])
        return json.dumps(line, separators=(",", ":"))


def filter_loggers() -> None:
    """Let every logger of this process write through our formatter only."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_EventFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _LOGGER.setLevel(logging.INFO)
    for name, logger in logging.root.manager.loggerDict.items():
        if isinstance(logger, logging.Logger) and name != "tacit":
            logger.handlers[:] = []
            logger.propagate = True


def filter_python_output() -> None:
    """For an entire process: errors and warnings that Python itself prints go through it too.

    A traceback ends with the error's text, a warning or a broken log call quotes what it is about,
    and a library that brings a handler of its own (SQLAlchemy's echo does) bypasses it.
    """
    logging.Logger.addHandler = _refuse  # type: ignore[assignment, method-assign]
    logging.raiseExceptions = False
    logging.captureWarnings(capture=True)
    sys.excepthook = lambda _kind, error, _trace: _note(error)
    threading.excepthook = lambda caught: _note(caught.exc_value)
    sys.unraisablehook = lambda caught: _note(caught.exc_value)


def _refuse(_logger: logging.Logger, _handler: logging.Handler) -> None:
    return


def _note(error: BaseException | None) -> None:
    event(Event.CRASHED, error=error)
