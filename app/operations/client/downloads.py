"""Downloads: each is noted before its first byte is sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models import Download, Engagement, Epoch, new_handle
from app.operations.transactions.fence import lock_open_epoch

EVERYTHING = "everything.json"
"""The file of the client's export: only the client gets it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The source and the receiver of a file; a client is not a member, and gets everything."""

    engagement: Engagement
    epoch: Epoch
    assessment_handle: str | None = None
    member_id: int | None = None


def note(session: Session, taken: Taken, file: str, size: int, sha256: bytes) -> Download:
    """Note which bytes are sent to whom. Raises EpochClosed.

    Under the fence: the receipt lists every download that was noted before it.
    """
    lock_open_epoch(session, taken.epoch.id)
    made = Download(
        handle=new_handle(),
        engagement_id=taken.engagement.id,
        epoch_handle=taken.epoch.handle,
        assessment_handle=taken.assessment_handle,
        member_id=taken.member_id,
        file=file,
        made_at=now(),
        size=size,
        sha256=sha256,
    )
    session.add(made)
    return made


def made_of(session: Session, engagement: Engagement) -> Sequence[Download]:
    """Every download of an engagement, the newest first; they outlive the records."""
    return session.scalars(
        select(Download).where(Download.engagement_id == engagement.id).order_by(Download.id.desc())
    ).all()
