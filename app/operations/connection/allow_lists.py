"""The declarations that clients agreed to, stored to show what another version changes."""

from sqlalchemy.orm import Session

from app.models import AllowList, Epoch
from app.operations.transactions.upsert import insert_into
from app.reports.allow_list_changes import Changes, changes
from collectors.manifest import manifest, manifest_hash


def store_today(session: Session) -> bytes:
    """Store today's declaration, once; its hash."""
    today = bytes.fromhex(manifest_hash())
    row = insert_into(session, AllowList).values(hash=today, manifest=manifest())
    session.execute(row.on_conflict_do_nothing())
    return today


def changed_since(session: Session, epoch: Epoch | None) -> Changes | None:
    """What today's declaration changes of the one agreed to; None: nothing, or unknown."""
    if epoch is None or epoch.allow_list_hash.hex() == manifest_hash():
        return None
    before = session.get(AllowList, epoch.allow_list_hash)
    return None if before is None else changes(before.manifest, manifest())
