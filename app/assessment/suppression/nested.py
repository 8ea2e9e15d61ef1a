"""What is left of a total after every published part is subtracted (PRIV-2)."""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple

from app.assessment.figures import Figure, People
from app.assessment.suppression.tables import dominated

DIGITS = 6
"""Parts as they compare: what only the order of additions made different is the same."""
_NOISE = 10.0**-DIGITS
_WITHIN = {
    "account": ("team", "policy", "schedule", "service", "week"),
    "team": ("policy", "schedule", "service"),
    "policy": ("schedule", "service"),
}
"""Which places can be parts of which."""


class Nest(NamedTuple):
    """A total and the parts inside it, as positions; parts from the largest to the smallest."""

    total: int
    parts: Sequence[int]


def nests(cells: Sequence[Figure], order: Sequence[int]) -> list[Nest]:
    """Every total with its parts of one measure and one level; ``order``: from small to large.

    A part has no person who is not in the total, and no more of any person. Everything is part of
    the account: what belongs to no team, no policy and no complete week is left over too.
    """
    parts: defaultdict[tuple[str | None, str], defaultdict[str, list[int]]]
    parts = defaultdict(lambda: defaultdict(list))
    for at in reversed(order):
        parts[cells[at].key, cells[at].level][cells[at].measure].append(at)
    return [
        Nest(at, inside)
        for at in order
        for level in _WITHIN.get(cells[at].level, ())
        for found in parts.get((cells[at].key, level), {}).values()
        if (inside := [each for each in found if _fits(cells[each], cells[at])])
    ]


def left_over(
    cells: Sequence[Figure],
    nests: Sequence[Nest],
    hidden: Container[int],
    k: int,
    settled: dict[int, int],
) -> set[int]:
    """Parts to hide too, the smallest first, until what is left of no total is about ``k`` people.

    ``settled`` has, by nest, how many parts were shown when that was so: only a nest of which more
    is hidden since then is added up again.
    """
    found = set()
    for number, nest in enumerate(nests):
        if nest.total not in hidden:
            shown = [at for at in nest.parts if at not in hidden]
            if settled.get(number) != len(shown):
                more = _left_over(cells, nest.total, shown, k)
                settled[number] = len(shown) - len(more)
                found |= more
    return found


def _left_over(cells: Sequence[Figure], total: int, shown: Sequence[int], k: int) -> set[int]:
    left = defaultdict(float, cells[total].people or {})
    for at in shown:
        _add(left, cells[at].people or {}, -1)
    found: set[int] = set()
    for at in reversed(shown):
        if not reveals(left.values(), k):
            break
        found.add(at)
        _add(left, cells[at].people or {}, 1)
    return found


def reveals(amounts: Iterable[float], k: int) -> bool:
    """Whether a sum is about one to ``k`` - 1 people, or mostly about one."""
    found = [abs(amount) for amount in amounts if round(amount, DIGITS)]
    return 0 < len(found) < k or dominated(found)


def _add(left: defaultdict[bytes, float], people: People, sign: int) -> None:
    for person, amount in people.items():
        left[person] += sign * amount


def _fits(part: Figure, total: Figure) -> bool:
    if total.level == "account":
        return True
    inside, whole = part.people or {}, total.people or {}
    if not inside.keys() <= whole.keys():
        return False
    return all(amount <= whole[person] + _NOISE for person, amount in inside.items())
