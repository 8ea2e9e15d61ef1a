"""Keys are rotated while other processes work: no read fails, no refresh is lost."""

from sqlalchemy import select

from app.core.crypto import version_of
from app.extensions import bound, db, keystore
from app.keystore import EPOCH_PURPOSE
from app.models import Token
from app.operations.grant.rotate import rotate
from app.operations.grant.tokens import StoredTokens
from tests.unit.operations.conftest import Tenant, new_tenant
from tests.unit.operations.grant.other_processes import processes, settings, use_tokens

EPOCHS = 200
PROCESSES = 2


def _many(tenant: Tenant) -> list[tuple[bytes, str]]:
    """So many clients with a token each, as their connects leave them."""
    made = (new_tenant(tenant.firm_id).connect() for _ in range(EPOCHS))
    return [(epoch.id, epoch.handle) for epoch in made]


def test_two_hundred_tokens_are_sealed_again_while_two_processes_use_them(tenant: Tenant) -> None:
    epochs = _many(tenant)
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
    assert len(keystore.derived(EPOCH_PURPOSE).keys) == 1
