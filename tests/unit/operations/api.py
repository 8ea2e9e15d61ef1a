"""PagerDuty as a function: an account in a dictionary, paged and cut to windows as the API does."""

import io
import json
import re
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from app.core.clock import now
from collectors.manifest import RESOURCES
from collectors.resource import Resource, Shape

Query = dict[str, str]
Json = dict[str, Any]
Answer = Json | int
Twist = Callable[[Query], Answer | None]
_CAP = 10_000


@cache
def instant(text: str) -> datetime:
    """An ISO 8601 time."""
    return datetime.fromisoformat(text)


def records(name: str, count: int, *, days: float = 1.0) -> list[Json]:
    """``count`` records spread over the last ``days``."""
    end = now().replace(microsecond=0) - timedelta(minutes=30)
    step = timedelta(days=days) / max(1, count)
    return [
        {
            "id": f"P{name.upper()[:8]}{number}",
            "type": "trigger_log_entry",
            "created_at": (end - step * number).isoformat(),
            "timestamp": (end - step * number).isoformat(),
            "start_time": end.isoformat(),
            "end_time": end.isoformat(),
            "user": {"id": f"PU{number}"},
        }
        for number in range(count)
    ]


class Api(HTTPAdapter):
    """``account`` by resource name, ``objects`` by resource and id; ``twists`` come first."""

    def __init__(self) -> None:
        super().__init__()
        self.account: dict[str, list[Json]] = {
            each.name: records(each.name, 3)
            for each in RESOURCES
            if each.shape is Shape.LIST and not each.parent
        }
        self.objects: dict[str, Callable[[str], list[Json]]] = {}
        self.twists: dict[str, Twist] = {}
        self.requests: list[tuple[str, Query]] = []
        self._lock = threading.Lock()

    def session(self, _extensions: object = ()) -> requests.Session:
        """A session that reaches nothing but this account."""
        opened = requests.Session()
        opened.mount("https://", self)
        return opened

    @property
    def counts(self) -> Counter[str]:
        """Requests by path."""
        return Counter(path for path, _ in self.requests)

    def send(
        self, request: requests.PreparedRequest, *_args: object, **_options: object
    ) -> requests.Response:
        url = urlsplit(str(request.url))
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        resource, identifier = _resource(url.path)
        with self._lock:
            self.requests.append((url.path, query))
            twist = self.twists.get(resource.name)
            sent = twist(query) if twist is not None else None
            if sent is None:
                sent = self._body_of(resource, identifier, query)
        response = requests.Response()
        response.status_code = sent if isinstance(sent, int) else 200
        body = b"" if isinstance(sent, int) else json.dumps(sent).encode()
        response.raw = HTTPResponse(io.BytesIO(body), preload_content=False)
        response.request = request
        return response

    def _body_of(self, resource: Resource, identifier: str, query: Query) -> Json:
        if resource.shape is Shape.WORDS:
            return {resource.envelope: ["teams", "urgencies"]}
        if resource.shape is Shape.ONE:
            found = records(resource.name, 1)[0] | {"role": "admin"}
            return {resource.envelope: found | ({"id": identifier} if identifier else {})}
        if resource.parent:
            serve = self.objects.get(resource.name)
            return paged(resource, serve(identifier) if serve else [], query)
        return paged(resource, within(resource, self.account[resource.name], query), query)


def resource(name: str) -> Resource:
    """A declared resource."""
    return next(each for each in RESOURCES if each.name == name)


def _resource(path: str) -> tuple[Resource, str]:
    for each in RESOURCES:
        pattern = re.escape(each.path).replace(r"\{id\}", "([^/]+)")
        found = re.fullmatch(pattern, path)
        if found:
            return each, found.group(1) if found.groups() else ""
    raise AssertionError("requested, but not declared")


def within(resource: Resource, rows: list[Json], query: Query) -> list[Json]:
    """Both edges are inside."""
    key = resource.moment
    if key is None or "since" not in query:
        return rows
    since, until = instant(query["since"]), instant(query["until"])
    return [row for row in rows if since <= instant(row[key]) <= until]


def paged(resource: Resource, rows: list[Json], query: Query) -> Json:
    """One page of rows."""
    if not resource.paged:
        return {resource.envelope: rows}
    offset, limit = int(query["offset"]), int(query["limit"])
    assert offset + limit <= _CAP
    page = rows[offset : offset + limit]
    return {
        resource.envelope: page,
        "more": offset + len(page) < len(rows),
        "total": len(rows) if query.get("total") == "true" else None,
    }
