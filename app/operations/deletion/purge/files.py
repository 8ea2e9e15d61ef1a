"""Keys and files: nothing on disk has the epoch's handle in its name."""

import shutil
from pathlib import Path

from app.core.crash_points import CrashPoint, reach
from app.extensions import bound, keystore
from app.operations.deletion.purge.claimed import ClaimedPurge, Code, Facts, StageBlocked


def destroy_keys(claimed: ClaimedPurge) -> Facts:
    """Destroy the epoch's keys: what they encrypted cannot be read from here on."""
    keystore.destroy(claimed.epoch_handle)
    reach(CrashPoint.PURGE_KEYS_MIDDLE)
    # An interrupted write may have left a part of them.
    _remove(_in(bound.config.keystore, claimed.epoch_handle))
    if _in(bound.config.keystore, claimed.epoch_handle):
        raise StageBlocked(Code.KEYS_LEFT)
    return {"destroyed": True}


def clear_files(claimed: ClaimedPurge) -> Facts:
    """Remove every file of the instance folder with the epoch's handle in its name."""
    left = named(claimed.epoch_handle)
    _remove(left)
    reach(CrashPoint.PURGE_FILES_MIDDLE)
    if named(claimed.epoch_handle):
        raise StageBlocked(Code.FILES_LEFT)
    return {"removed": len(left)}


def named(handle: str) -> set[Path]:
    """Files and folders with this handle in their name, in the instance folder and keystore."""
    return _in(bound.config.instance, handle) | _in(bound.config.keystore, handle)


def _in(folder: Path, handle: str) -> set[Path]:
    return set(folder.rglob(f"*{handle}*"))


def _remove(paths: set[Path]) -> None:
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
