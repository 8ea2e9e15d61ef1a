"""`make bench`: print every figure; `make bench ONLY=collection.growth` prints those of one part.

Ends with 0 whenever it could measure: whether a figure holds stands in its line.
"""

import sys

from benchmarks import collection, engine, purge
from benchmarks.figures import progress, say

PARTS = {
    f"{room.__name__.rpartition('.')[2]}.{name}": part
    for room in (collection, engine, purge)
    for name, part in room.PARTS.items()
}


def main() -> int:
    """Measure the parts whose names begin with what the command line says."""
    wanted = sys.argv[1:] or [""]
    chosen = [name for name in PARTS if any(name.startswith(word) for word in wanted)]
    if not chosen:
        progress(f"nothing is called {' '.join(wanted)}; there are {', '.join(PARTS)}")
        return 2
    for name in chosen:
        progress(name)
        for figure in PARTS[name]():
            say(figure)
    return 0


if __name__ == "__main__":
    sys.exit(main())
