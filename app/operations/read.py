"""Reading for pages: always from the firm down, and from the unsealed epoch."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.models import Assessment, Engagement, Purge
from app.operations.fence import open_epoch

_HANDLE = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """The newest finished assessment: its handle and the report as data."""

    handle: str
    document: dict[str, Any]


def engagements(session: Session, firm_id: int) -> list[Engagement]:
    """A firm's engagements, newest first."""
    return list(
        session.scalars(
            select(Engagement).where(Engagement.firm_id == firm_id).order_by(Engagement.id.desc())
        )
    )


def engagement(session: Session, firm_id: int, handle: str) -> Engagement:
    """One engagement of a firm. Raises NotFound for a foreign one, as for a missing one."""
    found = _HANDLE.fullmatch(handle) and session.scalar(
        select(Engagement).where(Engagement.firm_id == firm_id, Engagement.handle == handle)
    )
    if not found:
        raise NotFound
    return found


def latest_assessment(session: Session, engagement: Engagement) -> AssessmentView | None:
    """The newest finished assessment, or None; a sealed epoch has none."""
    epoch = open_epoch(session, engagement.id)
    if epoch is None:
        return None
    found = session.scalar(
        select(Assessment)
        .where(Assessment.epoch_id == epoch.id, Assessment.state == "done")
        .order_by(Assessment.id.desc())
        .limit(1)
    )
    if found is None or found.document is None:
        return None
    return AssessmentView(found.handle, found.document)


def receipt(session: Session, engagement: Engagement, handle: str) -> Purge:
    """A purge of this engagement. Raises NotFound."""
    found = _HANDLE.fullmatch(handle) and session.scalar(
        select(Purge).where(Purge.engagement_id == engagement.id, Purge.handle == handle)
    )
    if not found:
        raise NotFound
    return found
