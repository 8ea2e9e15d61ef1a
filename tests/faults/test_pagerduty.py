"""For every failure of PagerDuty a collection is complete, or it states what is missing and why."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil

from app.core.crash_points import CrashPoint
from tests.faults.client import WAIT_SECONDS, Client
from tests.faults.conftest import ON_POSTGRES
from tests.faults.installation import RepairedInstallation
from tests.functional.consultant import Consultant
from tests.servers import alive, wait_until

pytestmark = ON_POSTGRES
"""PagerDuty's behaviour does not depend on the database; PostgreSQL logs more than SQLite."""


def _collected(installation: RepairedInstallation, *faults: dict[str, object]) -> Client:
    for fault in faults:
        installation.product.sandbox.plant(**fault)
    client = installation.connected()
    try:
        client.waits_for_assessment()
    finally:
        installation.product.sandbox.heal()
    return client


def _resources(consultant: Consultant) -> dict[str, dict[str, Any]]:
    found: list[dict[str, Any]] = consultant.report()["completeness"]["resources"]
    return {each["resource"]: each for each in found}


def _assert_whole(consultant: Consultant) -> None:
    certificate = consultant.report()["completeness"]
    assert certificate["complete"] is True
    counts = consultant.product.sandbox.counts()
    stored = {each["resource"]: each["stored"] for each in certificate["resources"]}
    for name in ("incidents", "log_entries", "services", "change_events", "oncalls"):
        assert stored[name] == counts[name], name


def test_cell_09_a_run_out_of_memory_fails_with_a_code_and_can_be_continued(
    installation: RepairedInstallation,
) -> None:
    # So early that most of that list is still to be requested.
    installation.suspended_at("collect", CrashPoint.PAGE_ANSWERED, 5)
    client = installation.connected()
    horse = installation.waits_for_suspension()
    installation.product.sandbox.plant(
        kind="oversize", path="/log_entries", bytes=30 << 20, times=1000
    )
    # Not the address space: glibc reserves much of it, so what still fits there is chance. Enough
    # to report the error, not enough for one body. A work-horse that just dies is cell 4.
    limit = horse.memory_info().data + (14 << 20)
    horse.rlimit(psutil.RLIMIT_DATA, (limit, limit))
    horse.resume()
    wait_until(lambda: not alive(horse.pid), WAIT_SECONDS, "it goes on without memory")
    installation.product.sandbox.heal()
    assert client.select("code", "collection_run") == ["internal_error"]
    assert "It failed on our side" in client.card()
    assert '"run_failed"' in installation.product.words()
    # The worker no longer stops its work-horse.
    installation.repair()
    client.presses("Collect again", "/collect")
    client.assert_everything_once()


BUSY: tuple[dict[str, object], ...] = (
    {"kind": "429", "path": "/log_entries", "after": 3},
    {"kind": "429", "path": "/incidents", "headers": False},
    {"kind": "5xx", "path": "/services", "status": 503},
    {"kind": "5xx", "path": "/log_entries", "after": 8, "status": 408},
    {"kind": "5xx", "path": "/log_entries", "after": 12, "status": 500, "times": 2},
    {"kind": "reset", "path": "/log_entries", "after": 10, "times": 2},
    {"kind": "slow", "path": "/oncalls", "seconds": 3},
)
"""Each of them once or twice: a collection shrugs."""


def test_cell_47_limits_and_bursts_of_errors_cost_nothing_but_time(
    installation: RepairedInstallation,
) -> None:
    client = _collected(installation, *BUSY)
    _assert_whole(client)
    assert client.report()["completeness"]["rate_limited"] == 2
    client.assert_everything_once()


GARBLED: tuple[dict[str, object], ...] = (
    {"kind": "truncated", "path": "/log_entries", "after": 14},
    {"kind": "short", "path": "/change_events"},
    {"kind": "html", "path": "/teams"},
    {"kind": "wrong_type", "path": "/priorities", "field": "*"},
)


def test_cell_48_a_response_broken_once_is_requested_again(
    installation: RepairedInstallation,
) -> None:
    _assert_whole(_collected(installation, *GARBLED))


LASTING: tuple[tuple[dict[str, object], str, str], ...] = (
    ({"kind": "malformed_record", "path": "/services"}, "services", "malformed"),
    ({"kind": "wrong_type", "path": "/maintenance_windows", "field": "*"},
     "maintenance_windows", "unexpected_shape"),
    ({"kind": "oversize", "path": "/business_services"}, "business_services", "too_large"),
    ({"kind": "bomb", "path": "/oncalls", "bytes": 200_000_000}, "oncalls", "too_large"),
    ({"kind": "redirect", "path": "/change_events"}, "change_events", "request_refused"),
    ({"kind": "status", "path": "/priorities", "status": 400}, "priorities", "request_refused"),
)  # fmt: skip
"""For ever: the resource is reported as incomplete, with its reason; the others are complete."""


def test_cell_48_a_response_that_stays_broken_makes_its_resource_incomplete(
    installation: RepairedInstallation,
) -> None:
    client = _collected(installation, *({**fault, "times": 10_000} for fault, _, _ in LASTING))
    resources = _resources(client)
    assert client.report()["completeness"]["complete"] is False
    for _, name, reason in LASTING:
        assert (resources[name]["state"], resources[name]["reasons"]) == ("incomplete", [reason])
    hurt = {name for _, name, _ in LASTING}
    # The process that is listed by a resource that did not come is not requested one by one.
    hurt |= {"business_dependencies", "technical_dependencies"}
    assert {each["state"] for name, each in resources.items() if name not in hurt} == {"complete"}
    assert (
        installation.product.sandbox.counts()["log_entries"] == resources["log_entries"]["stored"]
    )


@contextmanager
def _listening() -> Iterator[tuple[int, list[object]]]:
    """A door of this machine that nobody may knock at: its port, and who came."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as door:

        def wait() -> None:
            try:
                came.append(door.accept())
            except OSError:
                # Closed: nobody came.
                return

        thread = threading.Thread(target=wait)
        thread.start()
        try:
            yield door.getsockname()[1], came
        finally:
            door.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_cell_49_a_redirect_is_not_followed_not_even_to_this_machine(
    installation: RepairedInstallation,
) -> None:
    with _listening() as (port, came):
        leads = {
            "/change_events": "https://elsewhere.example/",
            "/priorities": f"http://127.0.0.1:{port}/",
            "/maintenance_windows": f"{installation.product.sandbox.url}/oauth/token",
            "/business_services": "file:///etc/passwd",
        }
        client = _collected(
            installation,
            *(
                {"kind": "redirect", "path": path, "to": to, "times": 10_000}
                for path, to in leads.items()
            ),
        )
        resources = _resources(client)
        for path in leads:
            each = resources[path.removeprefix("/")]
            assert (each["state"], each["reasons"]) == ("incomplete", ["request_refused"])
    assert came == []
    _assert_nothing_followed(installation)


def test_cell_49_a_link_to_the_next_page_is_not_followed(
    installation: RepairedInstallation,
) -> None:
    with _listening() as (port, came):
        leads = {
            "/log_entries": f"http://127.0.0.1:{port}/",
            "/incidents": "https://elsewhere.example/",
            "/services": "file:///etc/passwd",
            "/schedules": f"{installation.product.sandbox.url}/oauth/token",
        }
        links = ({"kind": "next", "path": path, "to": to} for path, to in leads.items())
        client = _collected(installation, *({**link, "times": 10_000} for link in links))
        _assert_whole(client)
    assert came == []
    _assert_nothing_followed(installation)


def _assert_nothing_followed(installation: RepairedInstallation) -> None:
    received = {
        (e["method"], e["path"]) for e in installation.product.sandbox.requests()["requests"]
    }
    assert not {("GET", "/"), ("GET", "/etc/passwd"), ("GET", "/oauth/token")} & received


def test_cell_50_a_grant_revoked_during_a_collection_is_shown_and_its_records_stay(
    installation: RepairedInstallation,
) -> None:
    client = installation.collecting()
    stored = client.count("log_entry")
    installation.product.sandbox.plant(kind="invalid_grant", path="/oauth/token", times=10_000)
    installation.product.sandbox.heal()
    installation.product.sandbox.plant(kind="invalid_grant", path="/oauth/token", times=10_000)
    installation.product.sandbox.plant(kind="status", status=401, times=10_000)
    client.waits_for_card("The access was withdrawn at PagerDuty")
    assert client.run_state() == "failed"
    assert client.select("code", "collection_run") == ["token_rejected"]
    assert client.count("log_entry") >= stored
    received = len(installation.product.sandbox.requests()["requests"])
    installation.product.sandbox.heal()
    client.connects()
    client.assert_everything_once()
    assert len(installation.product.sandbox.requests()["requests"]) > received


def test_cell_50_a_page_that_the_role_may_not_read_makes_its_resource_incomplete(
    installation: RepairedInstallation,
) -> None:
    installation.product.sandbox.plant(kind="status", path="/oncalls", status=403, times=10_000)
    client = _collected(installation)
    each = _resources(client)["oncalls"]
    assert (each["state"], each["reasons"]) == ("not_available", ["role"])
    assert each["without"]


def test_a_response_that_never_ends_is_requested_again(installation: RepairedInstallation) -> None:
    silent = {"kind": "half", "path": "/escalation_policies", "seconds": 60}
    _assert_whole(_collected(installation, silent))


def test_schedules_that_time_out_together_are_read_in_smaller_pages_or_one_by_one(
    installation: RepairedInstallation,
) -> None:
    heavy = {"kind": "oversize", "path": "/schedules", "bytes": 33 << 20, "times": 2}
    assert _resources(_collected(installation, heavy))["schedules"]["state"] == "complete"
    limits = [
        each["query"]["limit"][0]
        for each in installation.product.sandbox.requests()["requests"]
        if each["path"] == "/schedules"
    ]
    assert limits[:3] == ["100", "50", "25"]

    # The first request only: after it the ids are listed without any rendering.
    refused = {"kind": "status", "path": "/schedules", "status": 400}
    resources = _resources(_collected(installation, refused))
    assert "schedules" not in resources
    details = resources["schedule_details"]
    assert details["state"] == "complete"
    assert details["stored"] == installation.product.sandbox.counts()["schedules"]
