"""Keys are rotated while everybody works: no read fails, no refresh is lost."""

import os
from datetime import timedelta

from sqlalchemy import select

from app.clock import now
from app.crypto import version_of
from app.extensions import bound, db, keystore
from app.models import Connection, Engagement, Epoch, Token, new_handle
from app.operations.rotate import rotate
from app.operations.tokens import Grant, StoredTokens, sealed_token
from tests.unit.operations.companions import processes, settings, use_tokens
from tests.unit.operations.conftest import World

EPOCHS = 200
PROCESSES = 2


def _many(world: World) -> list[tuple[bytes, str]]:
    """So many clients with a token each, as their connects leave them."""
    moment, made = now(), []
    with db.write() as session:
        for _ in range(EPOCHS):
            engagement = Engagement(
                handle=new_handle(),
                firm_id=world.firm_id,
                client_name="Client",
                subdomain="acme",
                time_zone="UTC",
                created_at=moment,
            )
            session.add(engagement)
            session.flush()
            connection = Connection(
                handle=new_handle(),
                engagement_id=engagement.id,
                region="us",
                partial=False,
                connected_at=moment,
                checked_at=moment,
            )
            session.add(connection)
            session.flush()
            epoch = Epoch(
                id=os.urandom(16),
                handle=new_handle(),
                connection_id=connection.id,
                account=os.urandom(16),
                allow_list_hash=bytes(32),
                created_at=moment,
            )
            session.add(epoch)
            session.flush()
            keystore.create(epoch.handle)
            grant = Grant("access", "refresh", moment + timedelta(hours=1))
            sealed = sealed_token(epoch.handle, grant)
            session.add(
                Token(epoch_id=epoch.id, sealed=sealed, expires_at=grant.expires_at, version=1)
            )
            made.append((epoch.id, epoch.handle))
    return made


def test_two_hundred_tokens_are_sealed_anew_while_two_processes_use_them(world: World) -> None:
    epochs = _many(world)
    with processes(PROCESSES, settings(bound.config.identity_url)) as pool:
        using = [pool.submit(use_tokens, epochs, 2 * each, 4.0) for each in range(PROCESSES)]
        rotations = 0
        while not all(each.done() for each in using):
            assert rotate().waiting == 0
            rotations += 1
        used = [each.result() for each in using]
    assert rotations >= 1
    assert min(uses for uses, _ in used) > 10
    assert sum(refreshes for _, refreshes in used) > 10
    with db.read() as session:
        tokens = {row.epoch_id: row.sealed for row in session.scalars(select(Token))}
    for epoch_id, handle in epochs:
        ring = keystore.read(handle).token
        assert len(ring.keys) == 1
        assert version_of(tokens[epoch_id]) == ring.newest > 1
        assert StoredTokens(epoch_id, handle).access_token()
    assert len(keystore.derived("epoch").keys) == 1
