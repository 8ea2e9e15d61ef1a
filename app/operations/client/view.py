"""Client view: the state of a connection as the client sees it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Download, Engagement, Epoch, Purge
from app.operations.client import downloads
from app.operations.connection.status import ConnectionStatus, connection_status
from app.operations.transactions.fence import open_epoch


@dataclass(frozen=True, slots=True)
class ClientView:
    """``epoch`` is None while nothing is connected; ``purges`` are the newest first."""

    status: ConnectionStatus
    epoch: Epoch | None
    purges: Sequence[Purge]
    downloads: Sequence[Download]


def client_view(session: Session, engagement: Engagement) -> ClientView:
    """The data of the client's first page."""
    purges = session.scalars(
        select(Purge).where(Purge.engagement_id == engagement.id).order_by(Purge.id.desc())
    )
    return ClientView(
        connection_status(session, engagement),
        open_epoch(session, engagement.id),
        purges.all(),
        downloads.made_of(session, engagement),
    )
