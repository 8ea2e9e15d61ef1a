"""Work on millions of rows without the garbage collector."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Millions of rows contain no cycle; the collector would traverse them again and again.

    That is half of the time of loading. What is left at the end moves to the oldest generation:
    otherwise the next allocation would traverse all of it.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.freeze()
            gc.unfreeze()
            gc.enable()
