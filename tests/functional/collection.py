"""What the tests of failures share: a collection that takes its time, and the account of it."""

import time
from collections import Counter
from typing import Any

from tests.functional.consultant import Consultant
from tests.servers import Installation, wait_until

IN_FLIGHT = 4
"""Requests that may be under way when a process dies."""
WAITING = 4
"""Answers that wait in memory for an earlier page of their window: at an even pace, one a request.

From the beginning would be more: four pages of incidents and four of the log at least, besides what
is under way.
"""

UNLIMITED = {"SANDBOX_RATE_LIMIT": "100000", "TACIT_SWEEP_SECONDS": "0.5"}
"""A rate limit that no test reaches; every response states it, as PagerDuty's responses do."""
LEASE_SECONDS = 2.0
SHORT_LEASE = {**UNLIMITED, "TACIT_LEASE_SECONDS": f"{LEASE_SECONDS:g}"}
"""Short leases: the work of a killed process is claimed soon."""


def connected(product: Installation) -> Consultant:
    """A consultant whose client has just consented: the collection is due."""
    consultant = Consultant(product).logs_in().opens_engagement()
    consultant.connects()
    return consultant


def collecting(product: Installation, more_than: int = 300) -> Consultant:
    """A collection that is reading its longest list, slowly: time to kill a process.

    It stays slow until the faults are taken from the sandbox (``product.sandbox.heal()``).
    """
    product.sandbox.plant(kind="slow", path="/log_entries", seconds=0.4, times=100_000)
    consultant = connected(product)
    wait_until(lambda: product.count("log_entry") > more_than, 60, "no log entries came")
    return consultant


def waits_for_more(product: Installation, seconds: float) -> float:
    """How long until the collection has stored something more."""
    stored, began = product.count("log_entry"), time.monotonic()
    wait_until(lambda: product.count("log_entry") > stored, seconds, "the run did not go on")
    return time.monotonic() - began


def run_state(product: Installation) -> str:
    """The state of the only run."""
    (state,) = product.select("SELECT state FROM collection_run")
    return str(state)


def repeated_pages(product: Installation) -> int:
    """How many pages of the lists with windows were fetched again."""
    requests = Counter(
        (each["path"], str(sorted(each["query"].items())))
        for each in product.sandbox.requests()["requests"]
        if each["path"] in {"/incidents", "/log_entries"} and each["status"] == 200
    )
    return sum(times - 1 for times in requests.values())


def assert_all_stored(certificate: dict[str, Any]) -> None:
    """Of each list as much is stored as PagerDuty declares; every single object was requested."""
    assert certificate["complete"] is True
    for each in certificate["resources"]:
        one_by_one = each["objects"] is not None
        expected, kept = ("objects", "objects_done") if one_by_one else ("declared", "stored")
        assert each[expected] is not None, each["resource"]
        assert each[kept] == each[expected], each["resource"]


def assert_everything_once(product: Installation, consultant: Consultant, deaths: int) -> None:
    """Stored is declared, each row once, one run and one assessment; hardly a page fetched twice.

    ``deaths`` is how often a process was killed, or lost its lease, with pages under way.
    """
    product.sandbox.heal()
    consultant.waits_for_assessment()
    certificate = consultant.report()["completeness"]
    assert_all_stored(certificate)
    stored = {each["resource"]: each["stored"] for each in certificate["resources"]}
    counts = product.sandbox.counts()
    assert product.count("log_entry") == stored["log_entries"] == counts["log_entries"]
    assert product.count("incident") == stored["incidents"] == counts["incidents"]
    assert product.select("SELECT state FROM collection_run") == ["done"]
    assert product.select("SELECT state FROM assessment") == ["done"]
    again = repeated_pages(product)
    assert again <= deaths * (IN_FLIGHT + WAITING), f"{again} pages were requested again"
