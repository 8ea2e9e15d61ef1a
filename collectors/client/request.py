"""One request of the client, and the ways an attempt at it can fail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from collectors.calls import Call
from collectors.errors import RequestRefused
from collectors.objects import ObjectId
from collectors.resource import Resource

Params = Mapping[str, str | tuple[str, ...]]
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Failure(Enum):
    """Why an attempt brought no usable response."""

    NO_RESPONSE = auto()
    """A reset, a time-out, 408, 5xx or an incomplete body."""
    LIMITED = auto()
    REJECTED = auto()
    SHAPE = auto()
    REDIRECTED = auto()
    """3xx: never followed; a proxy's maintenance page often begins so and passes."""
    NO_TOKEN = auto()


@dataclass(slots=True)
class Request:
    """Path, query and token are kept out of ``repr``."""

    resource: Resource = field(repr=False)
    params: Params = field(repr=False)
    owner: ObjectId | None = field(default=None, repr=False)
    """The one object that is requested; its id is part of the path."""
    path: str = field(init=False, repr=False)
    rejected_token: str | None = field(default=None, repr=False)
    """The token that PagerDuty rejected with 401."""
    detail: str = ""
    """What was wrong with the shape of the last response: names of fields."""
    call: Call | None = None
    """The last attempt that left."""

    def __post_init__(self) -> None:
        """Raises RequestRefused for an id that could change the path."""
        self.path = self.resource.path
        if self.owner is not None:
            if not _ID.fullmatch(self.owner.raw):
                raise RequestRefused(self.name, "an id that no path accepts")
            self.path = self.path.replace("{id}", self.owner.raw)

    @property
    def name(self) -> str:
        """The resource's."""
        return self.resource.name

    @property
    def bucket(self) -> str:
        """Which of PagerDuty's rate limits it counts against."""
        return self.resource.budget
