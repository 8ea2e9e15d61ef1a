"""The forecast of a run: how many requests are left, and how long they will take."""

from collections.abc import Iterable
from math import ceil

from app.models import Window, WindowState
from app.operations.runs.windows import RESOURCES

BUDGET_SECONDS = 60.0
"""PagerDuty's limit is one of requests per minute."""


def requests_to_come(windows: Iterable[Window]) -> int | None:
    """Requests that open windows still need; None while the size of one is unknown."""
    left = 0
    for window in windows:
        if window.state != WindowState.OPEN:
            continue
        if RESOURCES[window.resource].parent is not None:
            if window.objects is None:
                return None
            left += window.objects - window.objects_done
            continue
        total = window.expected if window.declared is None else window.declared
        if total is None:
            return None
        page = RESOURCES[window.resource].page_size
        left += max(1, ceil((total - window.received) / page))
    return left


def seconds_to_come(requests: int, *, speed: float, left: int | None, reset_in: float) -> float:
    """How long ``requests`` will take at ``speed`` a second, ``left`` of them before the reset.

    Every minute gives as much as was used and is left now; None for ``left``: there is no limit.
    """
    if left is None or requests <= left:
        return requests / speed
    used = speed * max(0.0, BUDGET_SECONDS - reset_in)
    per_minute = max(1.0, left + used)
    minutes, rest = divmod(requests - left, per_minute)
    return reset_in + minutes * BUDGET_SECONDS + rest / speed
