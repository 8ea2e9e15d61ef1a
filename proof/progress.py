"""Progress on standard error; standard output is for the result only."""

import sys
import time

_BEGAN = time.monotonic()


def progress(text: str) -> None:
    """One line, with the seconds since the start."""
    sys.stderr.write(f"{time.monotonic() - _BEGAN:6.1f} s  {text}\n")
    sys.stderr.flush()
