"""Deleting a firm ends everything of it at once; its rows go with its last purge."""

import pytest
from sqlalchemy import select, update

from app.core.clock import now
from app.core.errors import BadInput, LoginRefused, NotFound
from app.extensions import db
from app.models import (
    Connection,
    Engagement,
    Epoch,
    Firm,
    LedgerEntry,
    Member,
    Purge,
    WebSession,
)
from app.models.purge import Cause
from app.operations.accounts.firms import delete_firm, find_firm, remove_firms
from app.operations.accounts.members import add_member, authenticate
from app.operations.deletion.retention import Sightings, close_due_epochs
from tests.conftest import ON_SQLITE
from tests.factories.accounts import add_engagement
from tests.unit.operations.conftest import Tenant, count

pytestmark = ON_SQLITE

PASSWORD = "a long enough password"


@pytest.fixture
def other(tenant: Tenant) -> Tenant:
    """Another firm, with a client of its own, who stays."""
    with db.write() as session:
        member = add_member(session, firm="Other", email="b@other.example", password=PASSWORD)
        engagement = add_engagement(session, member.firm_id, "Client")
    return Tenant(member.firm_id, engagement)


def log_in(member_id: int) -> None:
    with db.write() as session:
        session.add(
            WebSession(
                token_hash=bytes([member_id]) * 32,
                member_id=member_id,
                sealed=b"",
                created_at=now(),
                seen_at=now(),
            )
        )


def delete() -> list[str]:
    """Delete the firm; the handles of the purges."""
    with db.write() as session:
        return [each.purge.handle for each in delete_firm(session, find_firm(session, "Firm"))]


def finish() -> None:
    """As a purge leaves it; other tests cover its stages."""
    with db.write() as session:
        for epoch in session.scalars(select(Epoch).where(Epoch.closed_at.is_not(None))):
            session.delete(epoch)
        session.execute(update(Purge).values(state="done", epoch_mask=None, finished_at=now()))


def test_sessions_logins_and_connections_end_at_once(tenant: Tenant, other: Tenant) -> None:
    epoch, kept = tenant.connect(), other.connect()
    with db.write() as session:
        leaver = add_member(session, firm="Firm", email="c@firm.example", password=PASSWORD)
        stayer = session.scalars(select(Member).where(Member.firm_id == other.firm_id)).one()
    log_in(leaver.id)
    log_in(stayer.id)
    (handle,) = delete()
    with db.read() as session:
        assert session.scalars(select(WebSession.member_id)).all() == [stayer.id]
        purge = session.scalars(select(Purge)).one()
        assert (purge.handle, purge.cause, purge.epoch_id) == (handle, "firm_deleted", epoch.id)
        assert session.get_one(Epoch, kept.id).closed_at is None
        with pytest.raises(LoginRefused):
            authenticate(session, "c@firm.example", PASSWORD, "somewhere")
        assert authenticate(session, "b@other.example", PASSWORD, "somewhere")
    with pytest.raises(BadInput), db.write() as session:
        add_member(session, firm="Firm", email="d@firm.example", password=PASSWORD)
    assert delete() == []


def test_its_rows_go_with_its_last_purge_and_the_ledger_stays(
    tenant: Tenant, other: Tenant
) -> None:
    tenant.connect()
    other.connect()
    (handle,) = delete()
    remove_firms()
    assert count(Firm) == 2, "a purge is under way"
    finish()
    remove_firms()
    assert (count(Firm), count(Member), count(Engagement), count(Connection)) == (1, 1, 1, 1)
    with db.read() as session:
        purge = session.scalars(select(Purge)).one()
        assert (purge.handle, purge.engagement_id) == (handle, None)
        assert session.scalars(select(LedgerEntry.purge_handle)).all() == [handle]


def test_a_firm_that_never_connected_goes_at_once(tenant: Tenant) -> None:
    assert delete() == []
    remove_firms()
    assert (count(Firm), count(Member), count(Engagement)) == (0, 0, 0)


def test_a_connect_that_came_in_late_is_ended_without_waiting_for_a_clock(tenant: Tenant) -> None:
    delete()
    tenant.connect()
    remove_firms()
    assert count(Epoch) == 1, "it is not swept away without a promise"
    close_due_epochs(Sightings())
    with db.read() as session:
        assert session.scalars(select(Purge.cause)).all() == [Cause.FIRM_DELETED]


def test_a_firm_is_found_by_name_or_number(tenant: Tenant) -> None:
    with db.read() as session:
        assert find_firm(session, "Firm").id == find_firm(session, str(tenant.firm_id)).id
        with pytest.raises(NotFound):
            find_firm(session, "Fir")
