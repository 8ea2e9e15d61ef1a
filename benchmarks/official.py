"""The same resources by PagerDuty's own client, as its guide says: for comparison."""

import time
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from benchmarks.company import DAYS, clear_requests, rest_requests
from benchmarks.figures import progress
from benchmarks.floor import SHIFT_SCHEDULE_PAGE
from collectors.windows import RENDERED_AHEAD, wire
from tests.official_client import client_of
from tests.servers import Installation

_HISTORY = ("incidents", "log_entries", "oncalls", "change_events")
_LISTS = (
    "priorities",
    "teams",
    "services",
    "business_services",
    "escalation_policies",
    "maintenance_windows",
)


@dataclass(frozen=True, slots=True)
class Read:
    """What it took and what came."""

    seconds: float
    requests: int
    records: int


def read_all(running: Installation, end: datetime) -> Read:
    """Everything that a collection reads, over the same window, from the same sandbox."""
    clear_requests(running)
    client: Any = client_of(running.sandbox.url)
    began = time.monotonic()
    with client, warnings.catch_warnings():
        # It warns that on-calls may come twice: they are only counted here.
        warnings.simplefilter("ignore")
        records = _configuration(client, end) + _history(client, end)
    seconds = time.monotonic() - began
    requests = len(rest_requests(running))
    progress(f"official client: {requests} requests, {records} records in {seconds:.1f} s")
    return Read(seconds, requests, records)


def _history(client: Any, end: datetime) -> int:
    since = end - timedelta(days=DAYS)
    return sum(_count(client.iter_history(name, since, end)) for name in _HISTORY)


def _configuration(client: Any, end: datetime) -> int:
    found = {name: list(client.iter_all(name)) for name in _LISTS}
    rendered = {
        "since": wire(end - timedelta(days=DAYS)),
        "until": wire(end + RENDERED_AHEAD),
        "time_zone": "UTC",
    }
    both = ["final_schedule", "overrides_subschedule"]
    found["schedules"] = list(client.iter_all("schedules", {**rendered, "include[]": both}))
    shifts = list(client.iter_all("v3/schedules", page_size=SHIFT_SCHEDULE_PAGE))
    single = [
        "abilities",
        f"paused_incident_reports/counts?since={rendered['since']}&until={wire(end)}",
        *(f"service_dependencies/technical_services/{each['id']}" for each in found["services"]),
        *(
            f"service_dependencies/business_services/{each['id']}"
            for each in found["business_services"]
        ),
    ]
    for path in single:
        client.get(path).raise_for_status()
    for each in shifts:
        query = {**rendered, "include[]": "final_schedule"}
        client.get(f"v3/schedules/{each['id']}", params=query).raise_for_status()
    members = sum(_count(client.iter_all(f"teams/{each['id']}/members")) for each in found["teams"])
    return sum(map(len, found.values())) + len(shifts) * 2 + len(single) + members


def _count(records: Iterable[object]) -> int:
    return sum(1 for _ in records)
