"""What was agreed to at a connect, kept so that a client can see what another version changes."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.models import AllowList, Epoch
from app.reports.allow_list_changes import Changes, changes
from collectors.manifest import manifest, manifest_hash


def remember(session: Session) -> bytes:
    """Keep today's declaration, once; its hash."""
    today = bytes.fromhex(manifest_hash())
    postgres = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert(AllowList) if postgres else sqlite.insert(AllowList)
    row = {"hash": today, "manifest": manifest()}
    session.execute(insert.values(row).on_conflict_do_nothing())
    return today


def changed_since(session: Session, epoch: Epoch | None) -> Changes | None:
    """What today's declaration changes of the one agreed to; None: nothing, or it is not known."""
    if epoch is None or epoch.allow_list_hash.hex() == manifest_hash():
        return None
    before = session.get(AllowList, epoch.allow_list_hash)
    return None if before is None else changes(before.manifest, manifest())
