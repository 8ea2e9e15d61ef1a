"""What may be asked next of objects that PagerDuty gives one by one."""

from collections import deque
from collections.abc import Iterable

from app.models import Window, WindowState
from app.operations.collection.request import Ask, Outcome, bounds
from app.operations.runs.windows import MOST_RESTARTS, RESOURCES
from collectors.decode import Page
from collectors.objects import ObjectId
from collectors.windows import RECORD_CAP


class ObjectAsks:
    """Objects asked for one by one, in any order; their ids stay in memory."""

    def __init__(self, window: Window, done: Iterable[bytes]) -> None:
        self.window = window
        self.resource = RESOURCES[window.resource]
        self.buffered = 0
        self._done = set(done)
        self._ids: list[ObjectId] = []
        self._restarts = 0
        self._queue: deque[Ask] = deque()
        self._answers: deque[tuple[Ask, Outcome]] = deque()
        self._under_way = 0
        self.objects = window.objects
        """How many there are, done ones included; None until they are listed."""
        self.done = window.objects_done
        """How many of them an earlier process or run has asked for."""
        self.shaky = False
        """Their list moved or was not whole while it was asked for the ids."""
        self._known = False

    @property
    def finished(self) -> bool:
        return self.window.state != WindowState.OPEN

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
        self.done = len(self._done & set(objects))

    def list_parent(self, offset: int = 0) -> None:
        """Ask the parent's list for its ids: a resume does not have them."""
        parent = RESOURCES[self.resource.parent or ""]
        overlap = 1 if offset else 0
        limit = min(parent.page_size, RECORD_CAP - offset + overlap)
        self._queue.append(
            Ask(self.window.id, parent, offset, limit, overlap, total=True, listing=True)
        )

    def listed(self, ask: Ask, page: Page) -> None:
        """Keep the ids of one page of the parent's list; listed anew where it has moved."""
        if ask.overlap and page.ids[:1] != self._ids[-1:]:
            self._restarts += 1
            self._ids.clear()
            if self._restarts <= MOST_RESTARTS:
                self.list_parent()
                return
            self.shaky = True
        self._ids += page.ids
        fresh = page.received - ask.overlap
        self.shaky |= page.more is None or page.skipped > 0
        reached = ask.offset + fresh
        if page.more and fresh > 0 and reached < RECORD_CAP and not self._over:
            self.list_parent(reached)
        else:
            self.shaky |= page.total is None or page.total > reached
            self.know(self._ids)

    @property
    def _over(self) -> bool:
        return self._restarts > MOST_RESTARTS

    def _ask(self, owner: ObjectId, offset: int = 0) -> Ask:
        since, until = bounds(self.window)
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
