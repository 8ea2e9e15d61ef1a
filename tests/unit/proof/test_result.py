"""A run proves something only where every figure is as it must be."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from proof.__main__ import Result

GOOD = Result(
    canaries_planted=90_000,
    canaries_served=90_000,
    controls_planted=860,
    controls_found=860,
    leaks_seeded=12,
    leaks_caught=12,
    sinks=10,
    bytes_scanned=10**8,
    noninterference_equal=True,
    fault_cells=42,
    fault_cells_passed=42,
)


def test_the_result_has_exactly_the_documented_figures() -> None:
    assert list(asdict(GOOD)) == [
        "canaries_planted",
        "canaries_served",
        "canaries_found",
        "controls_planted",
        "controls_found",
        "leaks_seeded",
        "leaks_caught",
        "sinks",
        "bytes_scanned",
        "noninterference_equal",
        "fault_cells",
        "fault_cells_passed",
    ]
    assert GOOD.is_proof


@pytest.mark.parametrize(
    "wrong",
    [
        {"canaries_served": 89_999},
        {"canaries_planted": 0, "canaries_served": 0},
        {"canaries_found": 1},
        {"controls_found": 859},
        {"controls_planted": 0, "controls_found": 0},
        {"leaks_caught": 11},
        {"leaks_seeded": 11, "leaks_caught": 11},
        {"noninterference_equal": False},
        {"fault_cells_passed": 41},
        {"fault_cells": 41, "fault_cells_passed": 41},
    ],
)
def test_one_wrong_figure_is_enough(wrong: dict[str, Any]) -> None:
    assert not replace(GOOD, **wrong).is_proof
