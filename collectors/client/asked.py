"""One request of the client, from the question to its answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import requests

from collectors.calls import Call
from collectors.client.body import ACCEPTED
from collectors.client.patience import Patience
from collectors.errors import RequestRefused
from collectors.objects import ObjectId
from collectors.resource import Resource

Params = Mapping[str, str | tuple[str, ...]]
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(slots=True)
class Asked:
    """``single``: one object was asked for. Path, query and token are kept out of ``repr``."""

    resource: Resource = field(repr=False)
    path: str = field(repr=False)
    params: Params = field(repr=False)
    single: bool
    patience: Patience = field(repr=False)
    rejected: str | None = field(default=None, repr=False)
    """The token that was answered with 401."""
    detail: str = ""
    """What was wrong with the shape of the last answer: names of fields."""
    call: Call | None = None
    """The last attempt that left."""

    def dropped(self, received: int) -> Call | None:
        """That attempt, once its answer is decoded: nothing is kept until somebody stores it."""
        if self.call is not None:
            self.call.dropped = received
        return self.call

    def request(self, base_url: str, token: str) -> requests.Request:
        """As it is sent to PagerDuty."""
        return requests.Request(
            "GET",
            base_url + self.path,
            params=self.params,
            headers={
                "Authorization": f"Bearer {token}",
                "Accept": "application/vnd.pagerduty+json;version=2",
                "Accept-Encoding": ACCEPTED,
            },
        )

    @property
    def name(self) -> str:
        """The resource's."""
        return self.resource.name

    @property
    def bucket(self) -> str:
        """Which of PagerDuty's limits it counts against."""
        return self.resource.budget


def path_of(resource: Resource, owner: ObjectId | None) -> str:
    """The path with the owner's id in it. Raises RequestRefused for an id no path takes."""
    if owner is None:
        return resource.path
    if not _ID.fullmatch(owner.raw):
        raise RequestRefused(resource.name, "an id that stands in no path")
    return resource.path.replace("{id}", owner.raw)
