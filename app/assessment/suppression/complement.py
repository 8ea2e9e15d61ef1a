"""Subtraction must not reveal a hidden figure (PRIV-2, PRIV-4)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from app.assessment.figures import Figure, People
from app.assessment.suppression.nested import DIGITS, left_over, nests
from app.assessment.suppression.tables import dominated


def complementary(cells: Sequence[Figure], hidden: set[int], k: int) -> set[int]:
    """Positions of further cells to hide, given the cells of one table and those already hidden.

    Hiding one cell can open another, so it is repeated until nothing changes. Of cells that are
    as small as each other the first is hidden.
    """
    found = set(hidden)
    breakdowns = _breakdowns(cells)
    order = [at for at in range(len(cells)) if cells[at].people]
    inside = nests(cells, sorted(order, key=lambda at: _size(cells[at])))
    settled: dict[int, int] = {}
    paired = False
    while True:
        more = {at for parts in breakdowns for at in _of_breakdown(cells, parts, found, k)}
        more = more or left_over(cells, inside, found, k, settled)
        if not more and not paired:
            # Once is enough: of fewer cells there are no more pairs.
            more, paired = _isolating(cells, found, k), True
        if not more:
            return found - hidden
        found |= more


def _breakdowns(cells: Sequence[Figure]) -> list[list[int]]:
    """Cells whose total is, or may be, published: keys of a place, places of a level."""
    groups: defaultdict[tuple[str | None, ...], list[int]] = defaultdict(list)
    for at, cell in enumerate(cells):
        if cell.key is not None:
            groups["keys", cell.measure, cell.level, cell.of].append(at)
        if cell.level != "account":
            groups["places", cell.measure, cell.level, cell.key].append(at)
    return list(groups.values())


def _of_breakdown(
    cells: Sequence[Figure], parts: Iterable[int], hidden: set[int], k: int
) -> set[int]:
    """Hidden parts are at least two and have at least ``k`` people, none of whom makes most of
    them together; else one more is hidden."""
    peopled = [at for at in parts if cells[at].people]
    away = [at for at in peopled if at in hidden]
    if not away:
        return set()
    shown = [at for at in peopled if at not in hidden]
    if not shown or (len(away) >= 2 and _covered([_people(cells[at]) for at in away], k)):
        return set()
    return {min(shown, key=lambda at: _size(cells[at]))}


def _covered(parts: Iterable[People], k: int) -> bool:
    together: defaultdict[bytes, float] = defaultdict(float)
    for people in parts:
        for person, amount in people.items():
            together[person] += amount
    return len(together) >= k and not dominated(list(together.values()))


def _isolating(cells: Sequence[Figure], hidden: set[int], k: int) -> set[int]:
    """The smaller of every two shown cells whose difference is about fewer than ``k``."""
    shown = [at for at in range(len(cells)) if at not in hidden and cells[at].people]
    shown.sort(key=lambda at: _size(cells[at]))
    parts = [_rounded(_people(cells[at])) for at in shown]
    return {shown[small] for small in _revealed_by_a_larger_one(parts, k)}


def _revealed_by_a_larger_one(parts: Sequence[People], k: int) -> set[int]:
    """Positions of cells that differ from a later, larger one by fewer than ``k`` people.

    Of any ``k`` people of such a cell at least one has the same part in the other: only cells
    that share one of the ``k`` rarest parts are looked at, for all pairs would be too many.
    """
    number: dict[tuple[bytes, float], int] = {}
    cells = [{number.setdefault(part, len(number)) for part in each.items()} for each in parts]
    persons = [person for person, _ in number]
    holders: list[list[int]] = [[] for _ in number]
    for at, cell in enumerate(cells):
        for part in cell:
            holders[part].append(at)
    found = set()
    for at, cell in enumerate(cells):
        others: Iterable[int] = range(at + 1, len(cells))
        if len(cell) >= k:
            rarest = sorted((holders[part] for part in cell), key=len)[:k]
            most = len(cell) + k
            others = {o for each in rarest for o in each if o > at and len(cells[o]) < most}
        if any(_is_isolating(cell ^ cells[other], persons, k) for other in others):
            found.add(at)
    return found


def _is_isolating(differing: set[int], persons: Sequence[bytes], k: int) -> bool:
    """Whether fewer than ``k`` people make the difference of two values.

    A person with the same part in both leaves the difference unchanged.
    """
    if not 0 < len(differing) < 2 * k:
        return False
    return len({persons[part] for part in differing}) < k


def _rounded(people: People) -> People:
    """Parts as they compare."""
    return {person: round(amount, DIGITS) for person, amount in people.items() if amount}


def _people(cell: Figure) -> People:
    return cell.people or {}


def _size(cell: Figure) -> tuple[int, str, str, str]:
    return len(_people(cell)), cell.level, cell.of or "", cell.key or ""


def publishable_change(before: People | None, after: People | None, k: int) -> bool:
    """Whether a change between two reports may be shown: not if it is one person's (PRIV-4)."""
    if before is None or after is None or min(len(before), len(after)) < k:
        return False
    joined_or_left = len(set(before) ^ set(after))
    return joined_or_left == 0 or joined_or_left >= LEAST_CHANGE


LEAST_CHANGE = 3
"""By so many people two groups differ, or by none (PRIV-4)."""
