"""Revocation: request PagerDuty to withdraw the token of a closed epoch.

It begins after the promise and blocks nothing. A crash leaves no outcome; the receipt then states
"not revoked" and how to do it by hand.
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

    ``newest`` is False if another process may get a newer grant: the result is then not "revoked".
    """
    arguments = (purge_handle, grant, newest)
    thread = threading.Thread(target=_revoke, args=arguments, name=THREAD)
    thread.start()
    return thread


def _revoke(purge_handle: str, grant: Grant, newest: bool) -> None:
    """At most ``deadlines.revocation``."""
    seconds = bound.config.deadlines.revocation.total_seconds()
    found: list[Revocation] = []
    request = threading.Thread(
        # A daemon: a response byte by byte may take longer, and no caller waits for it.
        target=lambda: found.append(withdraw(grant.tokens(), seconds)),
        name=f"{THREAD} request",
        daemon=True,
    )
    request.start()
    request.join(seconds)
    outcome = found[0] if found else Revocation.FAILED
    if outcome is Revocation.REVOKED and not newest:
        # RFC 7009 also returns 200 for a token that is already invalid.
        outcome = Revocation.FAILED
    reach(CrashPoint.EPOCH_REVOKED)
    note(purge_handle, outcome)


def note(purge_handle: str, outcome: Revocation) -> None:
    """Once, and not after the receipt has stated "unknown"."""
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
