"""What a process of ours leaves behind when it dies: nothing. Knows only the standard library."""

import ctypes
import faulthandler
import resource
import sys

_PR_SET_DUMPABLE = 4  # <linux/prctl.h>


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
