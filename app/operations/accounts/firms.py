"""Firms: deleting one, with all it ever connected."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.logs import Event, event
from app.extensions import db
from app.models import Connection, Engagement, Epoch, Firm, Member, Purge, WebSession
from app.models.purge import Cause, PurgeState
from app.operations.deletion.disconnect import ClosedEpoch, close_epoch
from app.operations.transactions.db_clock import moment


def find_firm(session: Session, name_or_id: str) -> Firm:
    """A firm by its name, else by its number. Raises NotFound."""
    found = session.scalar(select(Firm).where(Firm.name == name_or_id))
    if found is None and name_or_id.isdecimal():
        found = session.get(Firm, int(name_or_id))
    if found is None:
        raise NotFound("There is no such firm", "Give its name as in the first member add.")
    return found


def delete_firm(session: Session, firm: Firm) -> list[ClosedEpoch]:
    """End every session and connection of a firm; no member can log in from here on.

    Its rows go with its last purge; receipts and the ledger stay. A second call changes nothing.
    """
    firm.deleted_at = firm.deleted_at or moment(session)
    members = select(Member.id).where(Member.firm_id == firm.id)
    session.execute(delete(WebSession).where(WebSession.member_id.in_(members)))
    engagements = select(Engagement.id).where(Engagement.firm_id == firm.id)
    connections = select(Connection.id).where(Connection.engagement_id.in_(engagements))
    # All of them before the first promise: the ledger's lock comes after every other.
    session.execute(connections.order_by(Connection.id).with_for_update()).all()
    open_ones = session.scalars(
        select(Epoch)
        .where(Epoch.connection_id.in_(connections), Epoch.closed_at.is_(None))
        .order_by(Epoch.connection_id)
        .with_for_update()
    ).all()
    return [close_epoch(session, epoch, Cause.FIRM_DELETED) for epoch in open_ones]


def remove_firms() -> None:
    """Remove what is left of the deleted firms whose last purge is done."""
    with db.read() as session:
        deleted = session.scalars(select(Firm.id).where(Firm.deleted_at.is_not(None))).all()
    for firm_id in deleted:
        with db.write() as session:
            removed = _remove(session, firm_id)
        if removed:
            event(Event.FIRM_DELETED, firm=firm_id)


def _remove(session: Session, firm_id: int) -> bool:
    engagements = select(Engagement.id).where(Engagement.firm_id == firm_id)
    # A connect at this moment needs these rows and waits; then they are deleted.
    session.execute(engagements.with_for_update()).all()
    connections = select(Connection.id).where(Connection.engagement_id.in_(engagements))
    session.execute(connections.with_for_update()).all()
    epochs = select(Epoch.handle).where(Epoch.connection_id.in_(connections))
    purges = select(Purge.id).where(
        Purge.engagement_id.in_(engagements), Purge.state == PurgeState.DUE
    )
    if any(session.execute(each.limit(1)).first() for each in (epochs, purges)):
        return False
    # The cascade deletes members, engagements and connections; purges and downloads stay.
    session.execute(delete(Firm).where(Firm.id == firm_id))
    return True
