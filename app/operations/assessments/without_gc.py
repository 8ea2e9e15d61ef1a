"""Work on millions of rows without the garbage collector."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Millions of rows form not one cycle; the collector would walk them again and again.

    That is half of the time that loading takes. What is left at the end goes straight to the
    oldest generation: otherwise the next allocation of anything would walk all of it.
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
