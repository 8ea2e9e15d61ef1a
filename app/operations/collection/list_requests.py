"""The requests of a list, planned so that several can be in flight at once."""

from collections import deque

from app.models import Window, WindowState
from app.operations.collection.request import Outcome, WindowRequest, bounds
from app.operations.runs.windows import RESOURCES, divisible
from collectors.windows import RECORD_CAP

_FEWEST = 6
"""Below it, single requests are as good as a list."""


class ListRequests:
    """A list, page by page: requested ahead where its length is known, stored in order."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.resource = RESOURCES[window.resource]
        self.limit = self.resource.page_size
        self._fixed = divisible(self.resource)
        self._waiting: deque[WindowRequest] = deque()
        self._responses: dict[WindowRequest, Outcome] = {}
        self._next_offset = window.offset

    @property
    def finished(self) -> bool:
        return self.window.state != WindowState.OPEN

    @property
    def buffered(self) -> int:
        return len(self._responses)

    @property
    def unread(self) -> bool:
        """Whether nothing of it is known or in flight yet."""
        return self.window.offset == 0 and not self._waiting

    def next(self) -> WindowRequest | None:
        """The next page to request; None while that depends on a response."""
        declared = self.window.declared if self.window.offset else None
        if self._waiting and (declared is None or self._next_offset >= min(declared, RECORD_CAP)):
            return None
        overlap = 0 if self._fixed or not self._next_offset or self.window.edge is None else 1
        since, until = bounds(self.window)
        request = WindowRequest(
            window_id=self.window.id,
            resource=self.resource,
            offset=self._next_offset,
            limit=min(self.limit, RECORD_CAP - self._next_offset + overlap),
            overlap=overlap,
            total=self._next_offset == 0 or not self._fixed,
            since=since,
            until=until,
        )
        self._waiting.append(request)
        self._next_offset += self.limit - overlap
        return request

    def add_response(self, request: WindowRequest, outcome: Outcome) -> None:
        """Keep a response until those before it are stored; drop one that is no longer wanted."""
        if request in self._waiting:
            self._responses[request] = outcome

    def ready(self) -> tuple[WindowRequest, Outcome] | None:
        """The next response in order."""
        if not self._waiting or self._waiting[0] not in self._responses:
            return None
        request = self._waiting.popleft()
        return request, self._responses.pop(request)

    def set_window(self, window: Window) -> None:
        """The window after a page; if the list moved, requests made ahead are repeated."""
        self.window = window
        if self._waiting and self._waiting[0].offset == window.offset:
            return
        self._waiting.clear()
        self._responses.clear()
        self._next_offset = window.offset

    def halve(self) -> bool:
        """Request half as many records at a time; False where that would not help."""
        if self.limit <= _FEWEST:
            return False
        self.limit //= 2
        self._waiting.clear()
        self._responses.clear()
        self._next_offset = self.window.offset
        return True
