"""The requests of objects that PagerDuty gives one by one."""

from collections import deque
from collections.abc import Iterable

from app.models import Window, WindowState
from app.operations.collection.request import Outcome, WindowRequest, bounds
from app.operations.runs.windows import MOST_RESTARTS, RESOURCES
from collectors.decode import Page
from collectors.objects import ObjectId
from collectors.windows import RECORD_CAP


class ObjectRequests:
    """Objects requested one by one, in any order; their ids stay in memory."""

    def __init__(self, window: Window, done: Iterable[bytes]) -> None:
        self.window = window
        self.resource = RESOURCES[window.resource]
        self.buffered = 0
        self._done = set(done)
        self._ids: list[ObjectId] = []
        self._restarts = 0
        self._queue: deque[WindowRequest] = deque()
        self._responses: deque[tuple[WindowRequest, Outcome]] = deque()
        self._in_flight = 0
        self.objects = window.objects
        """How many there are, done ones included; None until they are listed."""
        self.done = window.objects_done
        """How many of them an earlier process or run has requested."""
        self.uncertain = False
        """Their list moved or was incomplete while it was read for the ids."""
        self._known = False

    @property
    def finished(self) -> bool:
        return self.window.state != WindowState.OPEN

    @property
    def exhausted(self) -> bool:
        """Whether every object was requested and has a response."""
        return self._known and not (self._queue or self._responses or self._in_flight)

    @property
    def objects_known(self) -> bool:
        """Whether the objects are known, or being listed."""
        return self._known or bool(self._queue or self._responses or self._in_flight)

    def set_objects(self, ids: Iterable[ObjectId]) -> None:
        """Queue a request for each object that is not done."""
        objects = {each.pseudonym: each for each in ids}
        self._known = True
        self._queue.extend(
            self._request(each) for each in objects.values() if each.pseudonym not in self._done
        )
        self.objects = len(objects)
        self.done = len(self._done & set(objects))

    def list_parent(self, offset: int = 0) -> None:
        """Read the parent's list for its ids: a resumed run does not have them."""
        parent = RESOURCES[self.resource.parent or ""]
        overlap = 1 if offset else 0
        limit = min(parent.page_size, RECORD_CAP - offset + overlap)
        self._queue.append(
            WindowRequest(self.window.id, parent, offset, limit, overlap, total=True, listing=True)
        )

    def add_parent_page(self, request: WindowRequest, page: Page) -> None:
        """Keep the ids of one page of the parent's list; read it again if it moved."""
        if request.overlap and page.ids[:1] != self._ids[-1:]:
            self._restarts += 1
            self._ids.clear()
            if self._restarts <= MOST_RESTARTS:
                self.list_parent()
                return
            self.uncertain = True
        self._ids += page.ids
        fresh = page.received - request.overlap
        self.uncertain |= page.more is None or page.skipped > 0
        reached = request.offset + fresh
        if page.more and fresh > 0 and reached < RECORD_CAP and not self._moved_too_often:
            self.list_parent(reached)
        else:
            self.uncertain |= page.total is None or page.total > reached
            self.set_objects(self._ids)

    @property
    def _moved_too_often(self) -> bool:
        return self._restarts > MOST_RESTARTS

    def _request(self, owner: ObjectId, offset: int = 0) -> WindowRequest:
        since, until = bounds(self.window)
        return WindowRequest(
            window_id=self.window.id,
            resource=self.resource,
            offset=offset,
            limit=self.resource.page_size,
            since=since,
            until=until,
            owner=owner,
        )

    def next(self) -> WindowRequest | None:
        """The next object, or its next page."""
        if not self._queue:
            return None
        self._in_flight += 1
        return self._queue.popleft()

    def add_response(self, request: WindowRequest, outcome: Outcome) -> None:
        """Keep a response; the order does not matter."""
        self._in_flight -= 1
        self.buffered += 1
        self._responses.append((request, outcome))

    def ready(self) -> tuple[WindowRequest, Outcome] | None:
        """Any response."""
        if not self._responses:
            return None
        self.buffered -= 1
        return self._responses.popleft()

    def add_page(self, request: WindowRequest, received: int) -> None:
        """Request the next page of the object's list."""
        if request.owner is not None:
            self._queue.appendleft(self._request(request.owner, request.offset + received))

    def retry(self, request: WindowRequest) -> None:
        """Request once more, after the others."""
        self._queue.append(request)

    def set_window(self, window: Window) -> None:
        """The window after a response."""
        self.window = window
