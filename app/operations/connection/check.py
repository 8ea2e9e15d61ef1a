"""Check whether the grant still works: once an hour while nothing is collected."""

from contextlib import closing

from sqlalchemy import select, update

from app.core.clock import now
from app.core.errors import EpochClosed
from app.extensions import bound, db, keystore, rest_session
from app.keystore import KeyMissing
from app.models import Connection, Epoch
from app.operations.grant.limiter import SharedLimiter
from app.operations.grant.lost_grant import mark_lost
from app.operations.grant.requests_made import note_rest
from app.operations.grant.tokens import StoredTokens
from collectors.calls import Counters
from collectors.client.client import PagerDutyClient
from collectors.errors import CollectorError, Loss, TokenRejected
from collectors.pseudonyms import Pseudonyms
from collectors.resources.abilities import ABILITIES

_ATTEMPTS = 2
"""It shares a worker with purges, and is repeated."""


def check(handle: str) -> None:
    """Request the abilities of a connection; a refused token marks it lost."""
    with db.read() as session:
        found = session.execute(
            select(Epoch, Connection)
            .join(Connection, Connection.id == Epoch.connection_id)
            .where(
                Connection.handle == handle,
                Connection.lost_at.is_(None),
                Epoch.closed_at.is_(None),
            )
        ).one_or_none()
    if found is None:
        return
    epoch, connection = found
    counters = Counters()
    loss: Loss | None = None
    try:
        _probe(epoch, connection.region, counters)
    except TokenRejected as error:
        loss = error.loss
    except EpochClosed:
        return
    except (CollectorError, KeyMissing):
        # PagerDuty is unavailable, or the epoch was purged meanwhile: the grant may still be valid.
        loss = None
    finally:
        note_rest(epoch.id, counters.calls)
    with db.write() as session:
        session.execute(
            update(Connection).where(Connection.id == connection.id).values(checked_at=now())
        )
        if loss is not None:
            mark_lost(session, epoch.id, loss, connection.connected_at)


def _probe(epoch: Epoch, region: str, counters: Counters) -> None:
    with (
        closing(SharedLimiter(epoch.id)) as limiter,
        PagerDutyClient(
            rest_session,
            bound.config.regions[region],
            StoredTokens(epoch.id, epoch.handle, counters.calls),
            Pseudonyms(keystore.read(epoch.handle).pseudonym),
            limiter,
            attempts=_ATTEMPTS,
            wait_for_limits=False,
            counters=counters,
        ) as client,
    ):
        client.probe(ABILITIES)
