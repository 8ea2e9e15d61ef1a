"""A grant that no longer works: the connection shows it, the data stays until it is deleted."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.logs import Event, event
from app.models import Connection, Epoch
from collectors.errors import Loss


def mark_lost(
    session: Session, epoch_id: bytes, loss: Loss, connected_at: datetime | None = None
) -> None:
    """Show the connection as disconnected, with the reason; once.

    ``connected_at`` names the connect whose token was refused: a later one stays connected.
    """
    epoch = session.get(Epoch, epoch_id)
    if epoch is None or epoch.closed_at is not None:
        return
    connection = session.get_one(Connection, epoch.connection_id, with_for_update=True)
    if connected_at not in {None, connection.connected_at}:
        return
    if connection.lost_at is None:
        connection.lost_at, connection.lost_reason = now(), loss
        event(Event.GRANT_LOST, connection=connection.handle, reason=loss)
