"""One attempt at a purge: claim it, go through its stages, say why where it stops."""

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
from app.operations.deletion.purge.stages import FIRST, STAGES
from app.operations.deletion.purge.work import Code, StageBlocked, Work, change, mark
from app.operations.receipts import ledger
from app.operations.transactions.db_clock import moment
from app.operations.transactions.failures import DATABASE_UNAVAILABLE
from app.operations.transactions.lease import claim, expired, free, new_owner, renewing

_FOUND_AGAIN = {Code.NOT_VERIFIED, Code.DATABASE_LEFT, Code.LOG_LEFT}
"""What the verification can find after the stage that was to clear it."""


def purge(handle: str) -> bool:
    """Finish one purge; True when it is done, False while something or somebody holds it up.

    What held it up stands in its ``last_code``; whatever raises has left a code as well.
    """
    return attempt(handle, Stage)


def attempt(handle: str, names: Iterable[Stage]) -> bool:
    """Go through these stages; True if they are done."""
    work, done = _claimed(handle)
    if work is None:
        return done
    code: Code | None = None
    try:
        with renewing(Purge, work.purge_id, work.owner):
            _go_through(work, names)
    except LeaseLost:
        return False
    except StageBlocked as held:
        code = held.code
    except DATABASE_UNAVAILABLE:
        code = Code.DATABASE_AWAY
    except OSError:
        # A keystore or folder that does not let go of its files: tried again.
        code = Code.STORAGE
    except Exception:
        _let_go(work, Code.INTERNAL)
        raise
    _let_go(work, code)
    return code is None


def _go_through(work: Work, names: Iterable[Stage]) -> None:
    """Keys that cannot be destroyed now keep no rows from being deleted, but all that follows."""
    kept: Code | None = None
    for name in names:
        if kept is not None and name not in FIRST:
            break
        try:
            _do(work, name)
        except OSError:
            if name != Stage.KEYS:
                raise
            kept = Code.STORAGE
        except StageBlocked as held:
            if name != Stage.KEYS:
                raise
            kept = held.code
    if kept is not None:
        raise StageBlocked(kept)


def due(session: Session, head_start: timedelta) -> list[str]:
    """Handles of the purges that nobody works on, older than this, oldest first."""
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


def _claimed(handle: str) -> tuple[Work | None, bool]:
    """The purge in hand, or None and whether it is done already."""
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
        work = Work(
            found.id,
            handle,
            found.epoch_id,
            found.epoch_handle,
            owner,
            found.requested_at,
            found.deadline_at,
            again=found.last_code in _FOUND_AGAIN,
        )
    return work, False


def _do(work: Work, name: Stage) -> None:
    """One stage, unless it is done: its work, then its mark by itself."""
    with db.read() as session:
        done = session.get_one(Purge, work.purge_id).stages
    if name in done and not work.again:
        return
    reach(CrashPoint(f"purge.{name}.begin"))
    if name == Stage.RECEIPTED:
        _finish(work)
    else:
        facts = STAGES[name](work)
        with change(work) as (session, purge):
            mark(session, purge, name, facts)
            if name == Stage.KEYS:
                purge.keys_destroyed_at = moment(session)
    reach(CrashPoint(f"purge.{name}.end"))


def _finish(work: Work) -> None:
    with change(work) as (session, purge):
        mark(session, purge, Stage.RECEIPTED, {})
        purge.finished_at = moment(session)
        purge.state, purge.epoch_mask, purge.last_code = PurgeState.DONE, None, None
        purge.release_lease()
        if purge.finished_at > purge.deadline_at:
            # After a blackout the rows go before any alarm rings: it is stated all the same.
            ledger.breach(session, purge)
        ledger.receipt(session, purge)
        reach(CrashPoint.PURGE_RECEIPTED_MIDDLE)
    event(Event.PURGED, purge=work.handle)


def _let_go(work: Work, code: Code | None) -> None:
    """Give the lease back with the reason; told once, not at every attempt."""
    with suppress(LeaseLost, *DATABASE_UNAVAILABLE), change(work) as (_, purge):
        if code is not None and purge.last_code != code:
            event(Event.PURGE_BLOCKED, purge=work.handle, why=code)
        purge.last_code = code
        purge.release_lease()
