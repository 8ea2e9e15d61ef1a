"""What tests of a purge share: a closed epoch with rows, short deadlines, a role that may all."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, insert, make_url, select, text, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.extensions import bound, db
from app.models import RECORD_TABLES, CollectionRun, Epoch, Purge
from app.operations.deletion.disconnect import disconnect
from app.operations.deletion.purge.claimed import ClaimedPurge
from tests.unit.operations.conftest import Tenant

ROWS = 7
INSTANT = timedelta(milliseconds=1)


@dataclass(frozen=True)
class DuePurge:
    """A purge that is due."""

    handle: str
    epoch_id: bytes
    epoch_handle: str


def hurry(monkeypatch: pytest.MonkeyPatch, **deadlines: timedelta) -> None:
    """Shorten deadlines; neither a queue server nor PagerDuty is waited for unless said."""
    short = {"queue_patience": INSTANT, "revocation": INSTANT, **deadlines}
    config = replace(bound.config, deadlines=replace(bound.config.deadlines, **short))
    monkeypatch.setattr(bound, "config", config)


def due_purge(tenant: Tenant, rows: int = ROWS) -> DuePurge:
    """Connect, store some teams, disconnect."""
    return due_purge_after(tenant, lambda epoch: fill(epoch, rows))


def due_purge_after(tenant: Tenant, act: Callable[[Epoch], None]) -> DuePurge:
    """Connect, do something under the epoch, disconnect."""
    epoch = tenant.connect()
    act(epoch)
    with db.write() as session:
        handle = disconnect(session, tenant.engagement).purge.handle
    return DuePurge(handle, epoch.id, epoch.handle)


def fill(epoch: Epoch, rows: int) -> None:
    """Rows of a table that nothing else hangs from."""
    with db.write() as session:
        insert_teams(session, epoch, rows)


def insert_teams(session: Session, epoch: Epoch, rows: int) -> None:
    """In the caller's transaction."""
    run = session.scalars(select(CollectionRun).where(CollectionRun.epoch_id == epoch.id)).one()
    keyed = {"epoch_id": epoch.id, "run_id": run.id}
    many = [{"id": os.urandom(16), **keyed} for _ in range(rows)]
    session.execute(insert(RECORD_TABLES["team"]), many)


def found(handle: str) -> Purge:
    """The purge as it stands."""
    with db.read() as session:
        return session.scalars(select(Purge).where(Purge.handle == handle)).one()


def age(handle: str, by: timedelta) -> None:
    """Make the purge older."""
    moment = found(handle).requested_at - by
    with db.write() as session:
        session.execute(
            update(Purge)
            .where(Purge.handle == handle)
            .values(requested_at=moment, deadline_at=moment + timedelta(hours=24))
        )


def clear_lease(handle: str) -> None:
    """Expire the lease, as if its process had died."""
    with db.write() as session:
        past = found(handle).requested_at - timedelta(minutes=5)
        session.execute(update(Purge).where(Purge.handle == handle).values(lease_until=past))


def in_hand(handle: str) -> ClaimedPurge:
    """The purge, claimed by the test."""
    purge = found(handle)
    with db.write() as session:
        until = now() + timedelta(seconds=25)
        session.execute(
            update(Purge)
            .where(Purge.handle == handle)
            .values(lease_owner="test", lease_until=until, attempts=1)
        )
    assert purge.epoch_id is not None
    return ClaimedPurge(
        purge.id,
        handle,
        purge.epoch_id,
        purge.epoch_handle,
        "test",
        purge.requested_at,
        purge.deadline_at,
        redo=False,
    )


GRANTS = (
    "GRANT EXECUTE ON FUNCTION pg_switch_wal() TO {role}",
    "GRANT EXECUTE ON FUNCTION pg_ls_waldir() TO {role}",
    "GRANT EXECUTE ON FUNCTION pg_read_binary_file(text, bigint, bigint, boolean) TO {role}",
    "GRANT pg_checkpoint TO {role}",
)
"""As docs/operating.md has them."""


@contextmanager
def able(url: str) -> Iterator[str]:
    """The URL for a role that may do what the owner may, and turn over and read the log."""
    owner, role = make_url(url), f"able_{secrets.token_hex(4)}"
    engine = create_engine(owner.set(username="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as administrator:
        administrator.execute(text(f"CREATE ROLE {role} LOGIN IN ROLE {owner.username}"))
        for grant in GRANTS:
            administrator.execute(text(grant.format(role=role)))
        try:
            yield owner.set(username=role).render_as_string(hide_password=False)
        finally:
            db.engine.dispose()
            administrator.execute(text(f"DROP OWNED BY {role}"))
            administrator.execute(text(f"DROP ROLE {role}"))
    engine.dispose()
