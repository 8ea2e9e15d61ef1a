"""Fault cells: real processes that a test kills, stops and starts again, and what holds after."""

import pytest

pytest.register_assert_rewrite(
    *(f"tests.faults.{name}" for name in ("client", "installation", "oracle"))
)
