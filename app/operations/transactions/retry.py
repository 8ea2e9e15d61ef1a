"""Retries of what must not be lost because a database or a file is busy."""

from collections.abc import Callable
from typing import TypeVar

from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

Result = TypeVar("Result")


def retried(
    operation: Callable[[], Result],
    errors: tuple[type[Exception], ...],
    *,
    seconds: float,
    delay: float,
) -> Result:
    """Repeat an operation that raises one of these errors; the last attempt's error is raised."""
    attempts = Retrying(
        retry=retry_if_exception_type(errors),
        stop=stop_after_delay(seconds),
        wait=wait_fixed(delay),
        reraise=True,
    )
    return attempts(operation)
