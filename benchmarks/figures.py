"""A figure: what was measured, what it should be, and whether it is."""

import json
import sys
from dataclasses import asdict, dataclass, replace


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a benchmark: ``goal`` is a comparison, like ``<= 1.03``."""

    name: str
    value: float
    unit: str
    goal: str
    holds: bool
    yardstick: float | None = None
    """What it took over what plain Python and SQLite take in the same run for the same volume."""

    def line(self) -> str:
        """The figure as one JSON object."""
        said = {**asdict(self), "value": round(self.value, 3)}
        if self.yardstick is None:
            del said["yardstick"]
        else:
            said["yardstick"] = round(self.yardstick, 3)
        return json.dumps(said)

    def beside(self, yardstick: float, took: float | None = None) -> "Figure":
        """The figure with the ratio of what it ``took``, its value if not given, to a yardstick."""
        return replace(self, yardstick=(self.value if took is None else took) / yardstick)


def at_most(name: str, value: float, unit: str, goal: float, *, also: bool = True) -> Figure:
    """A figure that should stay below ``goal``; ``also``: what must hold beside it."""
    return Figure(name, value, unit, f"<= {goal:g}", value <= goal and also)


def at_least(name: str, value: float, unit: str, goal: float, *, also: bool = True) -> Figure:
    """A figure that should reach ``goal``."""
    return Figure(name, value, unit, f">= {goal:g}", value >= goal and also)


def say(figure: Figure) -> None:
    """Print a figure, at once: a long benchmark may be stopped."""
    sys.stdout.write(figure.line() + "\n")
    sys.stdout.flush()


def progress(text: str) -> None:
    """Print what is going on, apart from the figures."""
    sys.stderr.write(f"  {text}\n")
    sys.stderr.flush()
