"""Figures of two sets of options must not differ by one person's part (PRIV-4)."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from app.assessment.engine import Result
from app.assessment.figures import Figure
from app.assessment.release.release import Key, Release, key_of
from app.assessment.release.windows import Window
from app.assessment.suppression.complement import LEAST_CHANGE
from app.assessment.suppression.nested import DIGITS


class Other(NamedTuple):
    """A release of other options, and what they give in a window."""

    release: Release
    compute: Callable[[Window], Result]


def hidden_by(others: Iterable[Other], now: Mapping[Key, Figure], window: Window) -> set[Key]:
    """Cells that other options withhold or tell of another window, or tell almost the same."""
    found: set[Key] = set()
    for other in others:
        people = {key_of(each): each.people for each in other.compute(window).figures}
        for key, figure in now.items():
            told = other.release.cells.get(key)
            if told is None:
                continue
            same_window = told.figure.withheld is None and told.window == window
            if not same_window or _differ_by_few(figure, people.get(key)):
                found.add(key)
    return found


def _differ_by_few(figure: Figure, other: Mapping[bytes, float] | None) -> bool:
    one, two = figure.people or {}, other or {}
    differing = [
        person
        for person in {*one, *two}
        if round(one.get(person, 0.0) - two.get(person, 0.0), DIGITS)
    ]
    return 0 < len(differing) < LEAST_CHANGE
