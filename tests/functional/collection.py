"""What the tests of failures share: a collection that takes its time, and the account of it."""

from collections import Counter

from tests.functional.consultant import Consultant
from tests.servers import Product, wait_until

IN_FLIGHT = 4
"""Requests that may be under way when a process dies: so many pages may be asked for again."""

UNLIMITED = {"SANDBOX_RATE_LIMIT": "0", "TACIT_SWEEP_SECONDS": "1"}
PACED = {**UNLIMITED, "SANDBOX_LATENCY_MS": "150"}
"""Time to kill somebody in the middle."""
SLOW = {**PACED, "TACIT_LEASE_SECONDS": "3"}
"""And little of it before the work of the dead is taken over."""


def connected(product: Product) -> Consultant:
    """A consultant whose client has just consented: the collection is due."""
    consultant = Consultant(product).logs_in().opens_engagement()
    consultant.connects()
    return consultant


def wait_for_log_entries(product: Product, more_than: int = 300) -> None:
    """Wait until the collection is in the middle of its longest list."""
    wait_until(lambda: product.count("log_entry") > more_than, 60, "no log entries came")


def run_state(product: Product) -> str:
    """The state of the only run."""
    (state,) = product.select("SELECT state FROM collection_run")
    return str(state)


def repeated_pages(product: Product) -> int:
    """How many answers of PagerDuty were fetched again, over the lists that time divides."""
    asked = Counter(
        (each["path"], str(sorted(each["query"].items())))
        for each in product.sandbox.requests()["requests"]
        if each["path"] in {"/incidents", "/log_entries"} and each["status"] == 200
    )
    return sum(times - 1 for times in asked.values())


def assert_everything_once(product: Product, consultant: Consultant, deaths: int) -> None:
    """Stored is declared, each row once, one run and one assessment; hardly a page fetched twice.

    ``deaths`` is how often somebody died, or was overtaken, with pages under way.
    """
    consultant.waits_for_assessment()
    document = consultant.report()
    assert document["completeness"]["complete"] is True
    declared = {
        each["resource"]: each["declared"] for each in document["completeness"]["resources"]
    }
    stored = {each["resource"]: each["stored"] for each in document["completeness"]["resources"]}
    assert stored == declared
    counts = product.sandbox.counts()
    assert product.count("log_entry") == stored["log_entries"] == counts["log_entries"]
    assert product.count("incident") == stored["incidents"] == counts["incidents"]
    assert product.select("SELECT state FROM collection_run") == ["done"]
    assert product.select("SELECT state FROM assessment") == ["done"]
    assert repeated_pages(product) <= deaths * IN_FLIGHT
