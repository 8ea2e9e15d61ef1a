"""What may be asked next of a list, so that several requests can be under way at once."""

from collections import deque

from app.models import Window, WindowState
from app.operations.collection.request import Ask, Outcome, bounds
from app.operations.runs.windows import RESOURCES, divisible
from collectors.windows import RECORD_CAP

_FEWEST = 6
"""Below it, asking one by one is as good as a list."""


class ListAsks:
    """A list, page by page: asked ahead where its length is known, handed on in order."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.resource = RESOURCES[window.resource]
        self.limit = self.resource.page_size
        self._fixed = divisible(self.resource)
        self._waiting: deque[Ask] = deque()
        self._answers: dict[Ask, Outcome] = {}
        self._planned = window.offset

    @property
    def finished(self) -> bool:
        return self.window.state != WindowState.OPEN

    @property
    def buffered(self) -> int:
        return len(self._answers)

    @property
    def unasked(self) -> bool:
        """Whether nothing of it is known or under way yet."""
        return self.window.offset == 0 and not self._waiting

    def next(self) -> Ask | None:
        """The next page to ask for; None while only an answer can tell."""
        declared = self.window.declared if self.window.offset else None
        if self._waiting and (declared is None or self._planned >= min(declared, RECORD_CAP)):
            return None
        overlap = 0 if self._fixed or not self._planned or self.window.edge is None else 1
        since, until = bounds(self.window)
        ask = Ask(
            window_id=self.window.id,
            resource=self.resource,
            offset=self._planned,
            limit=min(self.limit, RECORD_CAP - self._planned + overlap),
            overlap=overlap,
            total=self._planned == 0 or not self._fixed,
            since=since,
            until=until,
        )
        self._waiting.append(ask)
        self._planned += self.limit - overlap
        return ask

    def arrived(self, ask: Ask, outcome: Outcome) -> None:
        """Keep an answer until those before it have been handed on; drop one no longer wanted."""
        if ask in self._waiting:
            self._answers[ask] = outcome

    def ready(self) -> tuple[Ask, Outcome] | None:
        """The next answer in order."""
        if not self._waiting or self._waiting[0] not in self._answers:
            return None
        ask = self._waiting.popleft()
        return ask, self._answers.pop(ask)

    def landed(self, window: Window) -> None:
        """The window as it stands after a page; what was asked ahead is asked anew if it moved."""
        self.window = window
        if self._waiting and self._waiting[0].offset == window.offset:
            return
        self._waiting.clear()
        self._answers.clear()
        self._planned = window.offset

    def halve(self) -> bool:
        """Ask for half as many records at a time; False where that would not help."""
        if self.limit <= _FEWEST:
            return False
        self.limit //= 2
        self._waiting.clear()
        self._answers.clear()
        self._planned = self.window.offset
        return True
