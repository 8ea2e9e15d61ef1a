"""What may be asked next of one window, so that several requests can be under way at once."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from app.models import Window
from app.operations.windows import RESOURCES, divisible
from collectors.decode import Page
from collectors.errors import CollectorError
from collectors.objects import ObjectId
from collectors.resource import Resource
from collectors.windows import RECORD_CAP, wire

Outcome = Page | CollectorError
_FEWEST = 6
"""Below it, asking one by one is as good as a list."""


@dataclass(frozen=True, slots=True, eq=False)
class Ask:
    """One request of a window. ``listing``: of the parent's list, for its ids alone."""

    window_id: int
    resource: Resource
    offset: int = 0
    limit: int = 0
    overlap: int = 0
    """Records asked for again: the last one of the page before, to see that the list stood."""
    total: bool = False
    since: str | None = None
    until: str | None = None
    owner: ObjectId | None = None
    listing: bool = False

    def query(self) -> dict[str, str]:
        """The variable part of the query."""
        query = {}
        if self.resource.paged:
            query = {"limit": str(self.limit), "offset": str(self.offset - self.overlap)}
            if self.total:
                query["total"] = "true"
        if self.since is not None and self.until is not None:
            query |= {"since": self.since, "until": self.until}
        return query


def _bound(window: Window) -> tuple[str | None, str | None]:
    if window.since is None or window.until is None:
        return None, None
    return wire(window.since), wire(window.until)


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
        return self.window.state != "open"

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
        since, until = _bound(self.window)
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


class ObjectAsks:
    """Objects asked for one by one, in any order; their ids stay in memory."""

    def __init__(self, window: Window, done: Iterable[bytes]) -> None:
        self.window = window
        self.resource = RESOURCES[window.resource]
        self.buffered = 0
        self._done = set(done)
        self._ids: list[ObjectId] = []
        self._queue: deque[Ask] = deque()
        self._answers: deque[tuple[Ask, Outcome]] = deque()
        self._under_way = 0
        self.objects = window.objects
        """How many there are, done ones included; None until they are listed."""
        self._known = False

    @property
    def finished(self) -> bool:
        return self.window.state != "open"

    @property
    def exhausted(self) -> bool:
        """Whether every object has been asked for and answered."""
        return self._known and not (self._queue or self._answers or self._under_way)

    @property
    def knows(self) -> bool:
        """Whether the objects are known, or being listed."""
        return self._known or bool(self._queue or self._answers or self._under_way)

    def know(self, ids: Iterable[ObjectId]) -> None:
        """Take the objects to ask for; those that are done are not asked again."""
        objects = {each.pseudonym: each for each in ids}
        self._known = True
        self._queue.extend(
            self._ask(each) for each in objects.values() if each.pseudonym not in self._done
        )
        self.objects = len(objects)

    def list_parent(self, offset: int = 0) -> None:
        """Ask the parent's list for its ids: a resume does not have them."""
        parent = RESOURCES[self.resource.parent or ""]
        ask = Ask(self.window.id, parent, offset, limit=parent.page_size, listing=True)
        self._queue.append(ask)

    def listed(self, ask: Ask, page: Page) -> None:
        """Keep the ids of one page of the parent's list."""
        self._ids += page.ids
        if page.more and page.received:
            self.list_parent(ask.offset + page.received)
        else:
            self.know(self._ids)

    def _ask(self, owner: ObjectId, offset: int = 0) -> Ask:
        since, until = _bound(self.window)
        return Ask(
            window_id=self.window.id,
            resource=self.resource,
            offset=offset,
            limit=self.resource.page_size,
            since=since,
            until=until,
            owner=owner,
        )

    def next(self) -> Ask | None:
        """The next object, or its next page."""
        if not self._queue:
            return None
        self._under_way += 1
        return self._queue.popleft()

    def arrived(self, ask: Ask, outcome: Outcome) -> None:
        """Hand an answer on; the order does not matter."""
        self._under_way -= 1
        self.buffered += 1
        self._answers.append((ask, outcome))

    def ready(self) -> tuple[Ask, Outcome] | None:
        """Any answer."""
        if not self._answers:
            return None
        self.buffered -= 1
        return self._answers.popleft()

    def more(self, ask: Ask, received: int) -> None:
        """The object's list goes on."""
        if ask.owner is not None:
            self._queue.appendleft(self._ask(ask.owner, ask.offset + received))

    def again(self, ask: Ask) -> None:
        """Ask once more, after the others."""
        self._queue.append(ask)

    def landed(self, window: Window) -> None:
        """The window as it stands after an answer."""
        self.window = window


Asks = ListAsks | ObjectAsks
