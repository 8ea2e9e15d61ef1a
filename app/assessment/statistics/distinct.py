"""The different ones of many numbers.

``np.unique`` imports ``numpy.ma`` at its first use: 40 ms of every forked work-horse.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_Number = TypeVar("_Number", bound=np.generic)


def distinct(values: NDArray[_Number]) -> tuple[NDArray[_Number], NDArray[np.int64]]:
    """Each different value in order, and where it begins among the sorted ``values``."""
    ordered = np.sort(values)
    changes = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
    begins = np.append(0, changes)[: len(ordered)]
    return ordered[begins], begins


def counted(values: NDArray[_Number]) -> tuple[NDArray[_Number], NDArray[np.int64]]:
    """Each different value in order, and how often it occurs."""
    known, begins = distinct(values)
    return known, np.diff(begins, append=len(values))
