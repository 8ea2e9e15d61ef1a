"""Strongly connected components by Tarjan's algorithm, without recursion.

A dependency chain can be longer than Python's stack is deep.
"""

from collections.abc import Iterator, Mapping, Sequence

Successors = Mapping[bytes, Sequence[bytes]]
Component = tuple[bytes, ...]


def components(successors: Successors) -> list[Component]:
    """Components, each sorted, every one after all that it leads to.

    ``successors`` has an entry for every node.
    """
    search = _Search(successors)
    for node in successors:
        if node not in search.index:
            search.run(node)
    return search.found


class _Search:
    def __init__(self, successors: Successors) -> None:
        self._successors = successors
        self.index: dict[bytes, int] = {}
        self._low: dict[bytes, int] = {}
        self._stack: list[bytes] = []
        self._waiting: set[bytes] = set()
        self.found: list[Component] = []

    def run(self, root: bytes) -> None:
        work = [(root, self._enter(root))]
        while work:
            node, ahead = work[-1]
            child = self._unseen(node, ahead)
            if child is not None:
                work.append((child, self._enter(child)))
                continue
            work.pop()
            if work:
                parent = work[-1][0]
                self._low[parent] = min(self._low[parent], self._low[node])
            if self._low[node] == self.index[node]:
                self._close(node)

    def _enter(self, node: bytes) -> Iterator[bytes]:
        self.index[node] = self._low[node] = len(self.index)
        self._stack.append(node)
        self._waiting.add(node)
        return iter(self._successors[node])

    def _unseen(self, node: bytes, ahead: Iterator[bytes]) -> bytes | None:
        for child in ahead:
            if child not in self.index:
                return child
            if child in self._waiting:
                self._low[node] = min(self._low[node], self.index[child])
        return None

    def _close(self, node: bytes) -> None:
        members = [self._stack.pop()]
        while members[-1] != node:
            members.append(self._stack.pop())
        self._waiting.difference_update(members)
        self.found.append(tuple(sorted(members)))
