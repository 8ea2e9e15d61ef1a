"""Check: does the grant still stand? Asked once an hour where nothing is collected."""

from sqlalchemy import select

from app.extensions import bound, db, keystore, rest_session
from app.keystore import KeyMissing
from app.models import Connection, Epoch
from app.operations.lost import mark_lost
from app.operations.tokens import StoredTokens
from collectors.abilities import ABILITIES
from collectors.client import PagerDutyClient
from collectors.errors import CollectorError, TokenRejected
from collectors.pseudonyms import Pseudonyms


def check(handle: str) -> None:
    """Ask for the abilities of a connection; a refused token marks it lost."""
    with db.read() as session:
        found = session.execute(
            select(Epoch, Connection.region)
            .join(Connection, Connection.id == Epoch.connection_id)
            .where(
                Connection.handle == handle,
                Connection.lost_at.is_(None),
                Epoch.sealed_at.is_(None),
            )
        ).one_or_none()
    if found is None:
        return
    epoch, region = found.tuple()
    rejected = False
    try:
        with rest_session() as http:
            pseudonyms = Pseudonyms(keystore.read(epoch.handle).pseudonym)
            tokens = StoredTokens(epoch.id, epoch.handle)
            client = PagerDutyClient(http, bound.config.regions[region], tokens, pseudonyms)
            client.probe(ABILITIES)
    except TokenRejected:
        rejected = True
    except (CollectorError, KeyMissing):
        # PagerDuty is away, or the epoch was purged meanwhile: neither says the grant is gone.
        return
    if rejected:
        with db.write() as session:
            mark_lost(session, epoch.id, "revoked")
