"""One attempt at a purge: claim it, run its stages, note why it stopped."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.crash_points import CrashPoint, reach
from app.core.errors import LeaseLost
from app.core.logs import Event, event
from app.extensions import db
from app.models import Purge
from app.models.purge import PurgeState, Stage
from app.operations.deletion.purge.claimed import (
    ClaimedPurge,
    Code,
    StageBlocked,
    change,
    note_done,
)
from app.operations.deletion.purge.stages import FIRST, STAGES
from app.operations.receipts import ledger
from app.operations.transactions.db_clock import moment
from app.operations.transactions.failures import DATABASE_UNAVAILABLE
from app.operations.transactions.lease import claim, expired, free, new_owner, renewing

_REDO_CODES = {Code.NOT_VERIFIED, Code.DATABASE_LEFT, Code.LOG_LEFT}
"""Codes of the verification: an earlier stage has to run again."""


def purge(handle: str) -> bool:
    """Finish one purge; True when it is done, False while it is blocked or claimed elsewhere.

    The reason is in its ``last_code``, also where this raises.
    """
    return attempt(handle, Stage)


def attempt(handle: str, names: Iterable[Stage]) -> bool:
    """Run these stages; True if they are done."""
    claimed, done = _claimed(handle)
    if claimed is None:
        return done
    code: Code | None = None
    try:
        with renewing(Purge, claimed.purge_id, claimed.owner):
            _run_stages(claimed, names)
    except LeaseLost:
        return False
    except StageBlocked as blocked:
        code = blocked.code
    except DATABASE_UNAVAILABLE:
        code = Code.DATABASE_UNAVAILABLE
    except OSError:
        # A file of the keystore or of the instance could not be removed: retried.
        code = Code.STORAGE
    except Exception:
        # Without a code a defect of ours would look like a purge that is still at work.
        _release(claimed, Code.INTERNAL)
        raise
    _release(claimed, code)
    return code is None


def _run_stages(claimed: ClaimedPurge, names: Iterable[Stage]) -> None:
    """If the keys cannot be destroyed now, the rows are still deleted; later stages wait."""
    blocked_by: Code | None = None
    for name in names:
        if blocked_by is not None and name not in FIRST:
            break
        try:
            _do(claimed, name)
        except OSError:
            if name != Stage.KEYS:
                raise
            blocked_by = Code.STORAGE
        except StageBlocked as blocked:
            if name != Stage.KEYS:
                raise
            blocked_by = blocked.code
    if blocked_by is not None:
        raise StageBlocked(blocked_by)


def due(session: Session, head_start: timedelta) -> list[str]:
    """Handles of the purges without a lease that are older than this, oldest first."""
    at = moment(session)
    return list(
        session.scalars(
            select(Purge.handle)
            .where(
                Purge.state == PurgeState.DUE,
                expired(Purge.requested_at, at - head_start, head_start),
                free(Purge),
            )
            .order_by(Purge.requested_at)
        )
    )


def _claimed(handle: str) -> tuple[ClaimedPurge | None, bool]:
    """The claimed purge, or None and whether it is done already."""
    owner = new_owner()
    with db.write() as session:
        found = session.scalar(
            select(Purge).where(Purge.handle == handle).with_for_update(skip_locked=True)
        )
        if found is None or found.state == PurgeState.DONE or found.epoch_id is None:
            return None, found is not None
        if not claim(session, Purge, found.id, owner):
            return None, False
        session.refresh(found)
        if found.attempts == 1:
            event(Event.PURGE_STARTED, purge=handle)
        claimed = ClaimedPurge(
            purge_id=found.id,
            handle=handle,
            epoch_id=found.epoch_id,
            epoch_handle=found.epoch_handle,
            owner=owner,
            requested_at=found.requested_at,
            deadline_at=found.deadline_at,
            redo=found.last_code in _REDO_CODES,
        )
    return claimed, False


def _do(claimed: ClaimedPurge, name: Stage) -> None:
    """Run one stage unless it is done, then note it in a transaction of its own."""
    with db.read() as session:
        done = session.get_one(Purge, claimed.purge_id).stages
    if name in done and not claimed.redo:
        return
    reach(CrashPoint(f"purge.{name}.begin"))
    if name == Stage.RECEIPTED:
        _finish(claimed)
    else:
        facts = STAGES[name](claimed)
        with change(claimed) as (session, purge):
            note_done(session, purge, name, facts)
            if name == Stage.KEYS:
                purge.keys_destroyed_at = moment(session)
    reach(CrashPoint(f"purge.{name}.end"))


def _finish(claimed: ClaimedPurge) -> None:
    with change(claimed) as (session, purge):
        note_done(session, purge, Stage.RECEIPTED, {})
        purge.finished_at = moment(session)
        purge.state, purge.epoch_mask, purge.last_code = PurgeState.DONE, None, None
        purge.release_lease()
        if purge.finished_at > purge.deadline_at:
            # After an outage the rows may go before any alarm: the breach is stated even so.
            ledger.breach(session, purge)
        ledger.receipt(session, purge)
        reach(CrashPoint.PURGE_RECEIPTED_MIDDLE)
    event(Event.PURGED, purge=claimed.handle)


def _release(claimed: ClaimedPurge, code: Code | None) -> None:
    """Release the lease with the reason; a reason is logged once, not at every attempt."""
    with suppress(LeaseLost, *DATABASE_UNAVAILABLE), change(claimed) as (_, purge):
        if code is not None and purge.last_code != code:
            event(Event.PURGE_BLOCKED, purge=claimed.handle, why=code)
        purge.last_code = code
        purge.release_lease()
