"""Fault cells: real processes that a test kills, stops and restarts."""

import pytest

pytest.register_assert_rewrite(
    *(f"tests.faults.{name}" for name in ("client", "installation", "oracle"))
)
