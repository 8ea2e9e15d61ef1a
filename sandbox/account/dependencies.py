"""Which services need which: a chain with a cycle in it, and business services on top."""

from collections.abc import Sequence
from random import Random

from sandbox.account.model import Dependency, Node
from sandbox.account.names import Names

_CYCLE = 3


def link(technical: int, business: int, names: Names, rng: Random) -> list[Dependency]:
    """Dependencies between the first `technical` services and `business` business services.

    Every service but the first needs an earlier one; the first needs the third, which closes
    a cycle; every second business service also needs the one before it.
    """
    pairs: dict[tuple[Node, Node], None] = {}
    for n in range(1, technical):
        pairs[Node(False, max(0, n - rng.randint(1, 4))), Node(False, n)] = None
    for n in range(min(_CYCLE, technical)):
        pairs[Node(False, n), Node(False, (n + 1) % min(_CYCLE, technical))] = None
    for n in range(business):
        for support in rng.sample(range(technical), min(technical, rng.randint(1, 3))):
            pairs[Node(False, support), Node(True, n)] = None
        if n % 2:
            pairs[Node(True, n - 1), Node(True, n)] = None
    found = [pair for pair in pairs if pair[0] != pair[1]]
    return [Dependency(names.edge(n), *pair) for n, pair in enumerate(found)]


def neighbours(dependencies: Sequence[Dependency], service: int) -> list[int]:
    """The service and every technical service within two steps of it, nearest first."""
    found = {service: None}
    for _ in range(2):
        for one in dependencies:
            if one.supporting.business or one.dependent.business:
                continue
            ends = one.supporting.position, one.dependent.position
            if not found.keys().isdisjoint(ends):
                found.update(dict.fromkeys(ends))
    return list(found)
