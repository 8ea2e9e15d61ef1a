"""Process hygiene: a dying process leaves nothing behind. Uses only the standard library."""

import ctypes
import faulthandler
import os
import resource
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_PR_SET_DUMPABLE = 4
# Loaded before any fork: loading acquires a lock that a forked child might never get.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def leave_nothing() -> None:
    """No core file, and no other process of the same user reads this one's memory.

    A core file would contain keys, tokens and data of PagerDuty. Children inherit both settings,
    but a program started by exec loses the second and has to set it again.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The limit does not apply if the kernel pipes cores to a program; this does.
    if sys.platform == "linux" and ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0):
        raise OSError("the kernel refuses to protect this process's memory")
    # PYTHONFAULTHANDLER would bypass the log filter.
    faulthandler.disable()


def die_with_parent(parent: int) -> Callable[[], None] | None:
    """A function for a forked child, before exec: the child is killed when ``parent`` dies."""
    libc = _LIBC
    if libc is None:
        return None

    def tie() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # the parent died between fork and prctl
            os._exit(1)

    return tie
