"""The frontier of a run: every open window, what to ask next, which answer to store next."""

from collections.abc import Iterable, Mapping

from app.models import Window
from app.operations.collection.list_requests import ListAsks
from app.operations.collection.object_requests import ObjectAsks
from app.operations.collection.request import Ask, Outcome
from collectors.objects import ObjectId

Asks = ListAsks | ObjectAsks
_BUFFERED_PER_REQUEST = 4
"""Answers that wait for an earlier page: more would only fill memory."""


class Frontier:
    """Knows no database and no network: windows in, asks out; answers in, answers out in order."""

    def __init__(self, in_flight: int) -> None:
        self._most_buffered = in_flight * _BUFFERED_PER_REQUEST
        self._tasks: dict[int, Asks] = {}
        self._ids: dict[str, list[ObjectId]] = {}
        self._incomplete: set[str] = set()

    def sync(self, windows: Iterable[Window], done: Mapping[int, set[bytes]]) -> None:
        """Take the windows that are open now; ``done`` holds the objects asked for, by window."""
        windows = list(windows)
        for gone in set(self._tasks) - {window.id for window in windows}:
            del self._tasks[gone]
        for window in windows:
            if window.id not in self._tasks:
                self._tasks[window.id] = self._task(window, done.get(window.id, set()))

    def _task(self, window: Window, done: set[bytes]) -> Asks:
        task = ListAsks(window)
        if task.resource.parent is not None:
            return ObjectAsks(window, done)
        if window.offset:
            self._incomplete.add(window.resource)
        return task

    @property
    def tasks(self) -> list[Asks]:
        """Every task, in the order of their windows."""
        return list(self._tasks.values())

    def next(self) -> Ask | None:
        """What to ask next, the earliest window first."""
        if sum(task.buffered for task in self._tasks.values()) >= self._most_buffered:
            return None
        # First pages first: they tell how much there is, and so how long it will take.
        unasked = (t for t in self._tasks.values() if isinstance(t, ListAsks) and t.unasked)
        for task in (*unasked, *self._tasks.values()):
            if isinstance(task, ObjectAsks) and not task.knows:
                self._introduce(task)
            ask = task.next()
            if ask is not None:
                return ask
        return None

    def postpone(self, window_id: int) -> None:
        """Ask this window after the others."""
        self._tasks[window_id] = self._tasks.pop(window_id)

    def arrived(self, ask: Ask, outcome: Outcome) -> None:
        """An answer came; it is dropped where its window is no longer open."""
        task = self._tasks.get(ask.window_id)
        if task is not None:
            task.arrived(ask, outcome)

    def ready(self) -> tuple[Asks, Ask, Outcome] | None:
        """An answer that can be stored now."""
        for task in self._tasks.values():
            found = task.ready()
            if found is not None:
                return task, *found
        return None

    def learn(self, resource: str, ids: Iterable[ObjectId], *, first: bool) -> None:
        """Keep the ids of a parent's list page for its children."""
        if first:
            self._ids[resource] = []
            self._incomplete.discard(resource)
        self._ids.setdefault(resource, []).extend(ids)

    def _introduce(self, task: ObjectAsks) -> None:
        """Tell a task its objects, once its parent's list is read."""
        parent = task.resource.parent or ""
        if any(other.resource.name == parent for other in self._tasks.values()):
            return
        if parent in self._ids and parent not in self._incomplete and not task.resource.fallback:
            task.know(self._ids[parent])
        else:
            task.list_parent()
