"""What a process of ours leaves behind when it dies: nothing. Knows only the standard library."""

import ctypes
import faulthandler
import os
import resource
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_PR_SET_DUMPABLE = 4
# Loaded before any fork: loading takes a lock that a forked child might find held.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def leave_nothing() -> None:
    """No core file, and no other process of the same user reads this one's memory.

    A core would hold keys, tokens and whatever of PagerDuty was being read. Children inherit both,
    but a program started by exec loses the second and has to ask for it anew.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Where the kernel hands cores to a program the limit is not asked; this is.
    if sys.platform == "linux" and ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0):
        raise OSError("the kernel does not keep this process's memory to itself")
    # PYTHONFAULTHANDLER would write into the log past its gate.
    faulthandler.disable()


def die_with_parent(parent: int) -> Callable[[], None] | None:
    """What a forked child calls before exec so that SIGKILL follows the death of ``parent``."""
    libc = _LIBC
    if libc is None:
        return None

    def tie() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # the parent died between fork and prctl
            os._exit(1)

    return tie
