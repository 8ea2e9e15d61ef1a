"""Collect again: a failed collection goes on from its last page."""

from sqlalchemy.orm import Session

from app.models import CollectionRun, Engagement
from app.operations.connect import latest_run
from app.operations.fence import open_epoch


def resume(session: Session, engagement: Engagement) -> CollectionRun | None:
    """Queue the failed collection again; None where none failed, so that asking twice is safe."""
    epoch = open_epoch(session, engagement.id)
    run = None if epoch is None else latest_run(session, epoch)
    if run is None or run.state != "failed":
        return None
    run.state, run.code, run.lease_until = "queued", None, None
    return run
