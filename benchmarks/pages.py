"""Real pages of log entries, as bytes: fetched once from a sandbox in this process."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from urllib.parse import urlencode

from flask.testing import FlaskClient

from collectors.resources.log_entries import LOG_ENTRIES
from collectors.windows import wire
from sandbox.application import create_sandbox
from sandbox.settings import SANDBOX_API_KEY, Settings

AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
_SINCE = AS_OF - timedelta(days=90)
_SLICE = timedelta(days=5)
"""Short enough for every slice to stay below PagerDuty's 10,000 records."""
_HEADERS = {"Authorization": f"Token token={SANDBOX_API_KEY}"}


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch of time and the pages of it, the first with its total."""

    since: datetime
    until: datetime
    pages: tuple[bytes, ...]


def log_entry_pages(size: str) -> list[Slice]:
    """Every log entry of a generated account, 100 a page."""
    settings = Settings(size=size, rate_limit=0, as_of=AS_OF)
    client = create_sandbox(settings).test_client()
    edges = [_SINCE + _SLICE * n for n in range(90 // _SLICE.days + 1)]
    return [
        Slice(since, until, tuple(_pages(client, since, until))) for since, until in pairwise(edges)
    ]


def _pages(client: FlaskClient, since: datetime, until: datetime) -> Iterator[bytes]:
    offset, more = 0, True
    while more:
        query = {"limit": "100", "offset": str(offset), "since": wire(since), "until": wire(until)}
        if offset == 0:
            query["total"] = "true"
        parameters = urlencode({**LOG_ENTRIES.fixed_query, **query})
        response = client.get(f"{LOG_ENTRIES.path}?{parameters}", headers=_HEADERS)
        if response.status_code != 200 or response.json is None:
            raise RuntimeError(f"the sandbox answered {response.status_code}")
        yield response.data
        offset, more = offset + 100, bool(response.json["more"])
