"""Crash points: places where a test kills the process, as a power cut would, or suspends it.

Nothing happens at them unless ``TACIT_CRASH_AT`` or ``TACIT_STOP_AT`` names one; production refuses
to start with these variables.
"""

import os
import signal
from collections import Counter
from enum import StrEnum

VARIABLE = "TACIT_CRASH_AT"
STOP_VARIABLE = "TACIT_STOP_AT"
_SIGNALS = {VARIABLE: signal.SIGKILL, STOP_VARIABLE: signal.SIGSTOP}


class CrashPoint(StrEnum):
    """Every crash point; a test fails for one that is never reached."""

    CONNECT_COMMITTED = "connect.committed"
    RUN_BEGUN = "run.begun"
    PAGE_ANSWERED = "page.answered"
    PAGE_WRITTEN = "page.written"
    """In the transaction of a page, before its commit."""
    PAGE_COMMITTED = "page.committed"
    RUN_FINISHED = "run.finished"
    ASSESSMENT_WRITTEN = "assessment.written"
    """In its transaction, before the commit."""
    GRANT_ANSWERED = "grant.answered"
    """PagerDuty has rotated the tokens; the new ones are not stored yet."""
    EPOCH_CLOSED = "epoch.closed"
    PURGE_KEYS_BEGIN = "purge.keys.begin"
    PURGE_KEYS_MIDDLE = "purge.keys.middle"
    PURGE_KEYS_END = "purge.keys.end"
    PURGE_ROWS_BEGIN = "purge.rows.begin"
    PURGE_ROWS_DELETED = "purge.rows.deleted"
    """In the transaction of up to 5,000 rows, before its commit."""
    PURGE_ROWS_MIDDLE = "purge.rows.middle"
    PURGE_ROWS_END = "purge.rows.end"
    PURGE_RECOUNT_BEGIN = "purge.recount.begin"
    PURGE_RECOUNT_MIDDLE = "purge.recount.middle"
    PURGE_RECOUNT_END = "purge.recount.end"
    PURGE_QUEUE_BEGIN = "purge.queue.begin"
    PURGE_QUEUE_MIDDLE = "purge.queue.middle"
    PURGE_QUEUE_END = "purge.queue.end"
    PURGE_FILES_BEGIN = "purge.files.begin"
    PURGE_FILES_MIDDLE = "purge.files.middle"
    PURGE_FILES_END = "purge.files.end"
    PURGE_REVOCATION_BEGIN = "purge.revocation.begin"
    PURGE_REVOCATION_MIDDLE = "purge.revocation.middle"
    PURGE_REVOCATION_END = "purge.revocation.end"
    PURGE_RESIDUE_BEGIN = "purge.residue.begin"
    PURGE_RESIDUE_MIDDLE = "purge.residue.middle"
    PURGE_RESIDUE_END = "purge.residue.end"
    PURGE_VERIFIED_BEGIN = "purge.verified.begin"
    PURGE_VERIFIED_MIDDLE = "purge.verified.middle"
    PURGE_VERIFIED_END = "purge.verified.end"
    PURGE_RECEIPTED_BEGIN = "purge.receipted.begin"
    PURGE_RECEIPTED_MIDDLE = "purge.receipted.middle"
    PURGE_RECEIPTED_END = "purge.receipted.end"
    EPOCH_KEYS_DESTROYED = "epoch.keys_destroyed"
    EPOCH_PURGE_ENQUEUED = "epoch.purge_enqueued"
    EPOCH_REVOKED = "epoch.revoked"
    """PagerDuty has responded to the revocation; the outcome is not stored yet."""
    KEYS_OVERWRITTEN = "keys.overwritten"
    """A key file is overwritten and not removed yet."""
    KEYS_ANNOUNCED = "keys.announced"
    """The former master key is stored under the new one, which is not in use yet."""
    KEYS_RENEWED = "keys.renewed"
    KEYS_KEPT = "keys.kept"
    """The installation's own secrets are sealed under the new master key."""
    KEYS_WRAPPED = "keys.wrapped"
    """An epoch's key file too; its token is still sealed with the former token key."""
    KEYS_RESEALED = "keys.resealed"
    KEYS_FORGOTTEN = "keys.forgotten"
    """The former token key of one epoch is destroyed."""
    KEYS_LEFT = "keys.left"
    """The session keys of the former master keys are stored; those are not destroyed yet."""
    DOWNLOAD_COMMITTED = "download.committed"
    """The download is noted; no byte is sent yet."""
    DOWNLOAD_SENT_SOME = "download.sent_some"


_seen: Counter[CrashPoint] = Counter()


def reach(point: CrashPoint) -> None:
    """Die or stop here if the environment names this point; ``name:3`` means the third time."""
    for variable, number in _SIGNALS.items():
        wanted = os.environ.get(variable)
        if wanted:
            obey(point, wanted, number)


def obey(point: CrashPoint, wanted: str, number: signal.Signals) -> None:
    """Die or stop if ``wanted`` names this point and its turn has come."""
    name, _, times = wanted.partition(":")
    if name != point:
        return
    _seen[point] += 1
    if _seen[point] == int(times or 1):
        os.kill(os.getpid(), number)
