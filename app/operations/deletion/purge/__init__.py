"""Purge: everything of a closed epoch, stage by stage, until nothing of it is found."""

from app.operations.deletion.purge.boot import clear_due, clear_once
from app.operations.deletion.purge.rows import epoch_tables
from app.operations.deletion.purge.run import due, purge
from app.operations.deletion.purge.stages import STAGES

__all__ = ["STAGES", "clear_due", "clear_once", "due", "epoch_tables", "purge"]
