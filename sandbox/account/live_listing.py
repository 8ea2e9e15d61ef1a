"""A listing as it stands: its two views, and what a test has changed since it was made."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

from sandbox.account.listing import Json, Listing, Shape, Window

_KEPT_CHOICES = 16


@dataclass(frozen=True, slots=True)
class _View:
    positions: Sequence[int]
    times: Sequence[int]
    choices: dict[Window, Sequence[int]] = field(default_factory=dict)

    def keep(self, key: Window, found: Sequence[int]) -> None:
        if len(self.choices) >= _KEPT_CHOICES:
            self.choices.clear()
        self.choices[key] = found


class LiveListing:
    """Positions from `listing.size` on are objects added later, each a changed copy of one.

    A copy is as private as its model.
    """

    def __init__(self, listing: Listing) -> None:
        self.base = listing
        self._lock = Lock()
        self._models: list[int] = []
        self._changes: dict[int, Json] = {}
        self._added_at: dict[int, int] = {}
        self._show(range(listing.size))

    def _show(self, positions: Sequence[int]) -> None:
        """The views change in one assignment: a page never mixes two states."""
        visible = [n for n in positions if not self.base.private(self._model(n))]
        self._views = {
            True: _View(positions, self._times(positions)),
            False: _View(visible, self._times(visible)),
        }
        self._index: dict[str, int] | None = None

    def _times(self, positions: Sequence[int]) -> Sequence[int]:
        times = self.base.times
        if times is None:
            return ()
        if isinstance(positions, range):
            return times
        return [self._added_at[n] if n in self._added_at else times[n] for n in positions]

    def _model(self, position: int) -> int:
        beyond = position - self.base.size
        return position if beyond < 0 else self._models[beyond]

    def select(self, *, sees_private: bool, window: Window | None = None) -> Sequence[int]:
        """Positions in the order of the answer; both edges of the window are inside it.

        What had to be searched is remembered, so that the last page costs what the first does.
        """
        view, listing = self._views[sees_private], self.base
        positions = view.positions
        if window is not None and listing.times is not None:
            first = bisect_left(view.times, window[0])
            positions = positions[first : bisect_right(view.times, window[1])]
        if listing.spans is not None and window is not None:
            found = view.choices.get(window)
            if found is None:
                spans = listing.spans
                found = [n for n in positions if _touches(spans[self._model(n)], window)]
                view.keep(window, found)
            positions = found
        return positions[::-1] if listing.newest_first else positions

    def render(self, position: int, shape: Shape) -> Json:
        body = self.base.render(self._model(position), shape)
        return {**body, **self._changes.get(position, {})}

    def find(self, object_id: str, *, sees_private: bool) -> int | None:
        """The position of the object with that id; None for one that the caller may not see."""
        index = self._index
        if index is None:
            index = {self.identify(n): n for n in self._views[True].positions}
            self._index = index
        found = index.get(object_id)
        if found is None or (not sees_private and self.base.private(self._model(found))):
            return None
        return found

    def identify(self, position: int) -> str:
        changed = self._changes.get(position, {}).get("id")
        return str(changed) if changed else self.base.identify(self._model(position))

    def change(self, position: int, changes: Json) -> None:
        with self._lock:
            self._changes[position] = {**self._changes.get(position, {}), **changes}
            self._index = None

    def remove(self, position: int) -> None:
        with self._lock:
            self._show([n for n in self._views[True].positions if n != position])

    def add(self, model: int, changes: Json, at: int) -> None:
        """A copy of the object at `model` with `changes`; `at` places it among the times."""
        with self._lock:
            view = self._views[True]
            positions = view.positions
            new = self.base.size + len(self._models)
            self._models.append(self._model(model))
            self._changes[new] = {**self._changes.get(model, {}), **changes}
            self._added_at[new] = at
            place = bisect_right(view.times, at) if self.base.times is not None else len(positions)
            self._show([*positions[:place], new, *positions[place:]])


def _touches(span: tuple[int | None, int | None], window: Window) -> bool:
    start, end = span
    return (start is None or start <= window[1]) and (end is None or end >= window[0])
