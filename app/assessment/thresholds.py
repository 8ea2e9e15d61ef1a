"""Thresholds and anchors, from one versioned file that the report names."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Anchor:
    """A component of the scorecard: ``x0`` scores 0, ``x100`` scores 100."""

    dimension: str
    metric: str
    name: str
    weight: float
    x0: float
    x100: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    version: str
    findings: Mapping[str, Mapping[str, float]]
    """By finding, then by name."""
    dimensions: Mapping[str, float]
    """Weights of the scorecard's dimensions, in their order."""
    components: tuple[Anchor, ...]
    scorecard: Mapping[str, float]
    comparison: Mapping[str, float]


def read(text: str) -> Thresholds:
    """Thresholds as the file has them. Raises KeyError or TypeError where one is missing."""
    found: dict[str, Any] = tomllib.loads(text)
    return Thresholds(
        version=found["version"],
        findings={name: found[name] for name in found if name[:1] == "F"},
        dimensions=found["dimensions"],
        components=tuple(Anchor(**each) for each in found["components"]),
        scorecard=found["scorecard"],
        comparison=found["comparison"],
    )


THRESHOLDS = read(files("app.assessment").joinpath("thresholds.toml").read_text("utf-8"))
