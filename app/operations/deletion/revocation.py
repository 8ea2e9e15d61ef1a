"""Revocation: ask PagerDuty to withdraw the token of a connection that has been closed.

It begins after the promise and never holds anybody up. A crash leaves no outcome behind, and the
receipt then says "not revoked" and how to do it by hand.
"""

import threading
from contextlib import suppress

from sqlalchemy import update

from app.core.crash_points import CrashPoint, reach
from app.core.logs import Event, event
from app.extensions import bound, db
from app.models import Purge
from app.models.purge import PurgeState, Revocation
from app.operations.grant.grant import Grant
from app.operations.grant.revoke import withdraw
from app.operations.transactions.failures import DATABASE_UNAVAILABLE

THREAD = "revocation"


def begin(purge_handle: str, grant: Grant, *, newest: bool = True) -> threading.Thread:
    """Revoke in a thread of its own, which outlives the request but not the process's end.

    ``newest`` is False where another process may get a newer grant: it is not told as revoked then.
    """
    arguments = (purge_handle, grant, newest)
    thread = threading.Thread(target=_revoke, args=arguments, name=THREAD)
    thread.start()
    return thread


def _revoke(purge_handle: str, grant: Grant, newest: bool) -> None:
    """All of it within ``terms.revocation``, whatever PagerDuty does meanwhile."""
    term = bound.config.terms.revocation.total_seconds()
    found: list[Revocation] = []
    asking = threading.Thread(
        # A daemon: what answers byte by byte may outlast the term, and nobody waits for it.
        target=lambda: found.append(withdraw(grant.tokens(), term)),
        name=f"{THREAD} asking",
        daemon=True,
    )
    asking.start()
    asking.join(term)
    outcome = found[0] if found else Revocation.FAILED
    if outcome is Revocation.REVOKED and not newest:
        # RFC 7009 says 200 of a token that is dead already, too.
        outcome = Revocation.FAILED
    reach(CrashPoint.EPOCH_REVOKED)
    _note(purge_handle, outcome)


def _note(purge_handle: str, outcome: Revocation) -> None:
    """Once, and not after the receipt has told that it is not known."""
    with suppress(*DATABASE_UNAVAILABLE), db.write() as session:
        session.execute(
            update(Purge)
            .where(
                Purge.handle == purge_handle,
                Purge.revocation.is_(None),
                Purge.state == PurgeState.DUE,
            )
            .values(revocation=outcome.value)
        )
    event(Event.REVOCATION, purge=purge_handle, outcome=outcome)
