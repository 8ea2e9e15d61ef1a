"""Stages: in this order, each checking what it has to bring about, each safe to be done again."""

from collections.abc import Callable

from app.operations.deletion.purge.files import clear_files, destroy_keys
from app.operations.deletion.purge.queue import clear_queue
from app.operations.deletion.purge.residue import clear_residue
from app.operations.deletion.purge.revocation import await_revocation
from app.operations.deletion.purge.rows import delete_rows, recount
from app.operations.deletion.purge.verify import verify
from app.operations.deletion.purge.work import Facts, Work

KEYS = "keys"
STAGES: dict[str, Callable[[Work], Facts]] = {
    KEYS: destroy_keys,
    "rows": delete_rows,
    "recount": recount,
    "queue": clear_queue,
    "files": clear_files,
    "revocation": await_revocation,
    "residue": clear_residue,
    "verified": verify,
}
RECEIPTED = "receipted"
"""The last one: state, receipt and end in one transaction."""
FIRST = (KEYS, "rows", "recount")
"""What nobody may serve or collect before."""
