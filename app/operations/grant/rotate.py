"""Rotate: a new master key for everything, a new key for every token; the old ones are destroyed.

No process stops for it. A key is destroyed only when nothing is sealed with it, and a token is
sealed only under the lock of its row. A rotation that was interrupted anywhere can be repeated.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.crash_points import CrashPoint, reach
from app.core.crypto import SealBroken, seal, unseal, version_of
from app.core.logs import Event, event
from app.extensions import db, keystore
from app.keystore import KeyMissing, KeystoreBusy
from app.models import Epoch, Token
from app.operations.transactions.failures import DATABASE_UNAVAILABLE
from app.operations.transactions.retry import Result, retried

RETRY_SECONDS = 30.0
_DELAY_SECONDS = 0.1


class FilesUnreadable(Exception):
    """Files of the keystore that no known key opens; ``names`` are ours."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        super().__init__(f"{len(names)} unreadable")


@dataclass(frozen=True, slots=True)
class Rotation:
    """The result: files under the new master key, epochs whose tokens have one key again."""

    secrets: int
    epochs: int
    waiting: int
    """Epochs that are just being connected: they keep a former key until the next rotation."""


def rotate() -> Rotation:
    """Rotate all keys. Raises NothingToRotate, FilesUnreadable, KeystoreBusy.

    After an error, no key is destroyed that anything is sealed with.
    """
    keystore.renew_master()
    secrets, epochs = keystore.names()
    unreadable = [name for name in secrets if not _wrapped(name)]
    reach(CrashPoint.KEYS_KEPT)
    readable = [handle for handle in epochs if _wrapped(handle)]
    unreadable += [handle for handle in epochs if handle not in readable and not _gone(handle)]
    waiting = [handle for handle in readable if not _retried(_settle, handle)]
    # A connect that was in progress has probably ended by now.
    waiting = [handle for handle in waiting if not _retried(_settle, handle)]
    if unreadable:
        raise FilesUnreadable(unreadable)
    keystore.retire_masters()
    done = Rotation(len(secrets), len(readable) - len(waiting), len(waiting))
    event(Event.KEYS_ROTATED, secrets=done.secrets, epochs=done.epochs, waiting=done.waiting)
    return done


def _wrapped(name: str) -> bool:
    try:
        _retried(keystore.rewrap, name)
    except SealBroken:
        return False
    return True


def _gone(handle: str) -> bool:
    """Destroy a file that no key opens if no open epoch needs it: a purge was killed half-way."""
    with db.read() as session:
        needed = select(Epoch.id).where(Epoch.handle == handle, Epoch.closed_at.is_(None))
        if session.scalar(needed) is not None:
            return False
    keystore.destroy(handle)
    return True


def _settle(handle: str) -> bool:
    """Seal an epoch's token with its newest key and destroy the others.

    False while the token is not visible: a connect that has not committed may have sealed it.
    """
    reach(CrashPoint.KEYS_WRAPPED)
    try:
        with db.write() as session:
            _reseal(session, handle)
        reach(CrashPoint.KEYS_RESEALED)
        with db.write() as session:
            settled = _destroy_former(session, handle)
    except KeyMissing:
        # Disconnected meanwhile: all its keys are destroyed.
        return True
    except SealBroken:
        # No key opens this token, now or later: only this token is lost.
        return False
    reach(CrashPoint.KEYS_FORGOTTEN)
    return settled


def _reseal(session: Session, handle: str) -> None:
    row = _locked(session, handle)
    if row is None:
        return
    ring, place = keystore.read(handle).token, f"token:{handle}"
    if version_of(row.sealed) == ring.newest:
        return
    # The version of the row stays: a refresh in flight may still store its grant.
    session.execute(
        update(Token)
        .where(Token.epoch_id == row.epoch_id)
        .values(sealed=seal(ring, unseal(ring, row.sealed, place), place))
        .execution_options(synchronize_session=False)
    )


def _destroy_former(session: Session, handle: str) -> bool:
    row = _locked(session, handle)
    if row is None:
        ended = select(Epoch.id).where(Epoch.handle == handle, Epoch.closed_at.is_not(None))
        return session.scalar(ended) is not None
    if version_of(row.sealed) != keystore.read(handle).token.newest:
        return False
    keystore.destroy_former_tokens(handle)
    return True


def _locked(session: Session, handle: str) -> Token | None:
    """The token of an open epoch, locked until the end of this transaction."""
    return session.scalar(
        select(Token)
        .join(Epoch, Epoch.id == Token.epoch_id)
        .where(Epoch.handle == handle, Epoch.closed_at.is_(None))
        .with_for_update(of=Token)
    )


def _retried(work: Callable[[str], Result], name: str) -> Result:
    busy = (*DATABASE_UNAVAILABLE, KeystoreBusy)
    return retried(partial(work, name), busy, seconds=RETRY_SECONDS, delay=_DELAY_SECONDS)
