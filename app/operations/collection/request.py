"""One request of a window, and its outcome."""

from dataclasses import dataclass

from app.models import Window
from collectors.decode import Page
from collectors.errors import CollectorError
from collectors.objects import ObjectId
from collectors.resource import Resource
from collectors.windows import wire

Outcome = Page | CollectorError


@dataclass(frozen=True, slots=True, eq=False)
class WindowRequest:
    """One request of a window. ``listing``: of the parent's list, for its ids alone."""

    window_id: int
    resource: Resource
    offset: int = 0
    limit: int = 0
    overlap: int = 0
    """Records requested again: the last one of the page before shows whether the list moved."""
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


def bounds(window: Window) -> tuple[str | None, str | None]:
    if window.since is None or window.until is None:
        return None, None
    return wire(window.since), wire(window.until)
