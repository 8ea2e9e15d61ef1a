"""The frontier of a run: every open window, what to request next, which response to store next."""

from collections.abc import Iterable, Mapping

from app.models import Window
from app.operations.collection.list_requests import ListRequests
from app.operations.collection.object_requests import ObjectRequests
from app.operations.collection.request import Outcome, WindowRequest
from collectors.objects import ObjectId

Task = ListRequests | ObjectRequests
_BUFFERED_PER_REQUEST = 4
"""Responses that wait for an earlier page: more would only fill memory."""


class Frontier:
    """Without database or network: windows in, requests out; responses in, in order out."""

    def __init__(self, in_flight: int) -> None:
        self._most_buffered = in_flight * _BUFFERED_PER_REQUEST
        self._tasks: dict[int, Task] = {}
        self._ids: dict[str, list[ObjectId]] = {}
        self._incomplete: set[str] = set()

    def sync(self, windows: Iterable[Window], done: Mapping[int, set[bytes]]) -> None:
        """Take the windows that are open now; ``done``: the requested objects of each window."""
        windows = list(windows)
        for removed in set(self._tasks) - {window.id for window in windows}:
            del self._tasks[removed]
        for window in windows:
            if window.id not in self._tasks:
                self._tasks[window.id] = self._task(window, done.get(window.id, set()))

    def _task(self, window: Window, done: set[bytes]) -> Task:
        task = ListRequests(window)
        if task.resource.parent is not None:
            return ObjectRequests(window, done)
        if window.offset:
            self._incomplete.add(window.resource)
        return task

    @property
    def tasks(self) -> list[Task]:
        """Every task, in the order of their windows."""
        return list(self._tasks.values())

    def next(self) -> WindowRequest | None:
        """What to request next, the earliest window first."""
        if sum(task.buffered for task in self._tasks.values()) >= self._most_buffered:
            return None
        # First pages first: they show how much there is, and so how long it will take.
        unread = (t for t in self._tasks.values() if isinstance(t, ListRequests) and t.unread)
        for task in (*unread, *self._tasks.values()):
            if isinstance(task, ObjectRequests) and not task.objects_known:
                self._find_objects(task)
            request = task.next()
            if request is not None:
                return request
        return None

    def postpone(self, window_id: int) -> None:
        """Request this window after the others."""
        self._tasks[window_id] = self._tasks.pop(window_id)

    def add_response(self, request: WindowRequest, outcome: Outcome) -> None:
        """Take a response; it is dropped if its window is no longer open."""
        task = self._tasks.get(request.window_id)
        if task is not None:
            task.add_response(request, outcome)

    def ready(self) -> tuple[Task, WindowRequest, Outcome] | None:
        """A response that can be stored now."""
        for task in self._tasks.values():
            found = task.ready()
            if found is not None:
                return task, *found
        return None

    def add_ids(self, resource: str, ids: Iterable[ObjectId], *, first: bool) -> None:
        """Keep the ids of a parent's list page for its children."""
        if first:
            self._ids[resource] = []
            self._incomplete.discard(resource)
        self._ids.setdefault(resource, []).extend(ids)

    def _find_objects(self, task: ObjectRequests) -> None:
        """Give a task its objects, once its parent's list is read."""
        parent = task.resource.parent or ""
        if any(other.resource.name == parent for other in self._tasks.values()):
            return
        if parent in self._ids and parent not in self._incomplete and not task.resource.fallback:
            task.set_objects(self._ids[parent])
        else:
            task.list_parent()
