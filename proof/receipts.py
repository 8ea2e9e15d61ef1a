"""Every one-bit change of a promise and of a receipt is refused: `python -m proof.receipts`."""

import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy.orm import Session

from app import verify_receipt
from app.core.clock import now, wire
from app.core.config import Config
from app.extensions import bind, db
from app.models import Base, Download, Purge, new_handle
from app.models.purge import masked
from app.operations.receipts import ledger


def due_purge(session: Session) -> Purge:
    """A purge as the disconnect leaves it, and a file that was downloaded before."""
    handle, epoch_handle, moment = new_handle(), new_handle(), now()
    purge = Purge(
        handle=handle,
        epoch_handle=epoch_handle,
        epoch_mask=masked(handle, bytes(16)),
        state="due",
        cause="disconnect",
        allow_list_hash="0" * 64,
        requested_at=moment,
        deadline_at=moment + timedelta(hours=24),
        rows={"token": 1},
        stages={},
    )
    downloaded = Download(
        handle=new_handle(),
        epoch_handle=epoch_handle,
        assessment_handle=new_handle(),
        file="report.json",
        made_at=moment,
        size=12_000,
        sha256=bytes(32),
    )
    session.add_all([purge, downloaded])
    session.flush()
    return purge


def finish(purge: Purge) -> None:
    """Set the purge to the state that its last stage leaves."""
    purge.finished_at = purge.keys_destroyed_at = purge.requested_at + timedelta(seconds=4)
    purge.state, purge.epoch_mask = "done", None
    purge.rows = {"incident": 12_000, "log_entry": 90_000, "token": 1, "epoch": 1}
    purge.stages = {"recount": {"at": wire(purge.finished_at), "rows": 0, "tables": 40}}


def promise_and_receipt() -> list[bytes]:
    """Both files of one deletion, in a database and with a key of their own."""
    with tempfile.TemporaryDirectory(prefix="tacit-") as folder:
        environ = {"TACIT_INSTANCE": folder, "REDIS_URL": f"unix://{folder}/no.sock"}
        bind(Config.from_env(environ))
        Base.metadata.create_all(db.engine)
        try:
            with db.write() as session:
                purge = due_purge(session)
                ledger.promise(session, purge)
                finish(purge)
                ledger.receipt(session, purge)
                return [ledger.file(entry) for entry in ledger.entries(session, purge.handle)]
        finally:
            db.engine.dispose()


def changed(content: bytes) -> Iterator[bytes]:
    """The file with one bit inverted, for each of its bits."""
    for place in range(len(content)):
        for bit in range(8):
            other = bytearray(content)
            other[place] ^= 1 << bit
            yield bytes(other)


def is_refused(content: bytes) -> bool:
    """Whether the verifier refuses the file."""
    try:
        verify_receipt.check(content)
    except verify_receipt.Refused:
        return True
    return False


def main() -> int:
    """Print how many bits there are and how many changes were refused."""
    files = promise_and_receipt()
    if any(is_refused(content) for content in files):
        raise SystemExit("the unchanged files are refused: the check would prove nothing")
    outcomes = [is_refused(other) for content in files for other in changed(content)]
    figures = {"bits": len(outcomes), "refused": sum(outcomes)}
    sys.stdout.write(f"{json.dumps(figures)}\n")
    return 0 if figures["bits"] == figures["refused"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
