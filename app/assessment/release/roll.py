"""A value over people changes only if enough people changed it (PRIV-4)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from app.assessment.catalogue import SERIES
from app.assessment.engine import Result
from app.assessment.figures import Figure
from app.assessment.release.other_options import Other, hidden_by
from app.assessment.release.release import Cell, Key, Line, Release, key_of
from app.assessment.release.windows import Window
from app.assessment.suppression import published, suppress_series, withheld_cells

RULE = "PRIV-4"
Compute = Callable[[Window], Result]
"""What the options of a release give in a window."""
Cells = Mapping[Key, Figure]


def roll(
    compute: Compute, before: Release | None, window: Window, others: Iterable[Other] = ()
) -> Release:
    """The release of a window: values that may be published now, and older ones that stay.

    ``others``: releases of other options. A window that is published already is not computed
    again: records that come late, one by one, change nothing.
    """
    if before is not None and before.window == window:
        return before
    rolling = _Roll(compute, before, window)
    hidden = rolling.hidden(hidden_by(others, rolling.now, window))
    return Release(window, dict(rolling.cells(hidden)), dict(rolling.series(hidden)))


class _Roll:
    """From one window to the next.

    Of each cell, what the older window has and the newer has not, and the reverse, must itself be
    publishable: who subtracts the two values learns nothing else. A cell that was withheld, or
    whose older value is no longer computed from the records, stays until the windows share no
    week.
    """

    def __init__(self, compute: Compute, before: Release | None, window: Window) -> None:
        self._compute = compute
        self._window = window
        self._before = {} if before is None else before.cells
        self._lines = {} if before is None else before.series
        self._result = compute(window)

    @cached_property
    def now(self) -> Cells:
        """Every figure over people in the new window, with its people."""
        return _over_people(self._result)

    def hidden(self, first: set[Key]) -> dict[Key, str]:
        """Cells that get no new value, each with its rule.

        A cell that stays is hidden in all the windows that are subtracted, so others may have to
        stay for its sake: repeated until nothing changes.
        """
        found = dict.fromkeys(first | self._stuck(), RULE)
        tables = [self.now, *self._edges]
        while True:
            more = {
                key: rule for table in tables for key, rule in self._withheld(table, found).items()
            }
            if more.keys() <= found.keys():
                return found
            found = more | found

    def cells(self, hidden: Mapping[Key, str]) -> Iterator[tuple[Key, Cell]]:
        """Every cell of the new window, with its new value or the one that stays.

        The value of a cell that nobody moved stays, such as that of a week; so does a cell that the
        new window has not: it may come back before its time.
        """
        moved = {key for edge in self._edges for key in edge}
        for key, figure in self.now.items():
            rule = hidden.get(key)
            stays = self._before.get(key)
            if stays is None or not stays.window.overlaps(self._window):
                yield key, Cell(published(figure, rule), self._window)
            elif rule is None and key in moved:
                yield key, Cell(published(figure, None), self._window)
            else:
                yield key, stays
        for keys in self._overlapping().values():
            yield from ((key, self._before[key]) for key in keys if key not in self.now)

    def series(self, hidden: Mapping[Key, str]) -> Iterator[tuple[str, Line]]:
        """Series over people: new ones only where the windows share no week."""
        k = self._result.account.options.minimum_group
        weeks = [published(each, hidden.get(key)) for key, each in self.now.items()]
        fresh = suppress_series(self._result.series, SERIES, k, weeks)
        for each in SERIES:
            if each.privacy == "P0":
                continue
            stays = self._lines.get(each.name)
            if stays is None or not stays.window.overlaps(self._window):
                yield each.name, Line(fresh[each.name], self._window)
            else:
                yield each.name, stays

    def _withheld(self, table: Cells, hidden: Mapping[Key, str]) -> dict[Key, str]:
        figures = list(table.values())
        places = [at for at, key in enumerate(table) if key in hidden]
        k = self._result.account.options.minimum_group
        rules = withheld_cells(figures, k, places)
        return {key: rules[at] for at, key in enumerate(table) if at in rules}

    def _overlapping(self) -> dict[Window, list[Key]]:
        """Cells by the window of their value, where it shares a week with the new one."""
        found: defaultdict[Window, list[Key]] = defaultdict(list)
        for key, cell in self._before.items():
            if cell.window.overlaps(self._window) and cell.window != self._window:
                found[cell.window].append(key)
        return found

    def _stuck(self) -> set[Key]:
        """Cells that are withheld, or that the records no longer explain."""
        found = set()
        for window, keys in self._overlapping().items():
            then = _over_people(self._compute(window))
            for key in keys:
                cell, figure = self._before[key].figure, then.get(key)
                if cell.withheld or figure is None or published(figure, None) != cell:
                    found.add(key)
        return found

    @cached_property
    def _edges(self) -> list[Cells]:
        """What entered and what left, for each older window; cells without anybody left out."""
        return [
            {key: each for key, each in _over_people(self._compute(edge)).items() if _moves(each)}
            for window in self._overlapping()
            for edge in (
                Window(window.since, self._window.since),
                Window(window.until, self._window.until),
            )
        ]


def _moves(figure: Figure) -> bool:
    return bool(figure.people or figure.n)


def _over_people(result: Result) -> Cells:
    return {key_of(each): each for each in result.figures if each.privacy_class == "P1"}
