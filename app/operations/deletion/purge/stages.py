"""The stages in their order: each checks its own result and can run again."""

from collections.abc import Callable

from app.models.purge import Stage
from app.operations.deletion.purge.claimed import ClaimedPurge, Facts
from app.operations.deletion.purge.files import clear_files, destroy_keys
from app.operations.deletion.purge.queue import clear_queue
from app.operations.deletion.purge.residue import clear_residue
from app.operations.deletion.purge.revocation import await_revocation
from app.operations.deletion.purge.rows import delete_rows, recount
from app.operations.deletion.purge.verify import verify

STAGES: dict[Stage, Callable[[ClaimedPurge], Facts]] = {
    Stage.KEYS: destroy_keys,
    Stage.ROWS: delete_rows,
    Stage.RECOUNT: recount,
    Stage.QUEUE: clear_queue,
    Stage.FILES: clear_files,
    Stage.REVOCATION: await_revocation,
    Stage.RESIDUE: clear_residue,
    Stage.VERIFIED: verify,
}
FIRST = (Stage.KEYS, Stage.ROWS, Stage.RECOUNT)
"""Until these are done, no process serves or collects."""
