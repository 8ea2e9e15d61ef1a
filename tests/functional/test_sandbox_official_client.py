"""PagerDuty's own Python client reads the sandbox from end to end."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pagerduty import Error

from sandbox.application import create_sandbox
from sandbox.server import running
from sandbox.settings import Settings
from tests.official_client import LoopbackClient, client_of

AS_OF = datetime(2026, 6, 1, 12, tzinfo=UTC)
SINCE = AS_OF - timedelta(days=90)


@pytest.fixture(scope="module")
def small() -> Iterator[LoopbackClient]:
    settings = Settings(as_of=AS_OF, rate_limit=0)
    with running(create_sandbox(settings)) as origin, client_of(origin) as client:
        yield client


@pytest.fixture(scope="module")
def reference() -> Iterator[LoopbackClient]:
    settings = Settings(size="reference", as_of=AS_OF, rate_limit=0)
    with running(create_sandbox(settings)) as origin, client_of(origin) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("services", 8),
        ("escalation_policies", 4),
        ("schedules", 5),
        ("teams", 3),
        ("users", 15),
        ("priorities", 5),
        ("business_services", 3),
        ("maintenance_windows", 4),
    ],
)
def test_iter_all_reads_every_configured_object(small: Any, path: str, count: int) -> None:
    assert len({row["id"] for row in small.iter_all(path)}) == count


def test_iter_history_reads_every_incident_and_log_entry(small: Any) -> None:
    incidents = {row["id"] for row in small.iter_history("incidents", SINCE, AS_OF)}
    entries = list(small.iter_history("log_entries", SINCE, AS_OF))
    assert len(incidents) == 400
    assert len({row["id"] for row in entries}) == len(entries) == 3_000
    assert {row["incident"]["id"] for row in entries} == incidents


def test_iter_history_reads_every_change_event_and_on_call(small: Any) -> None:
    events = [row["id"] for row in small.iter_history("change_events", SINCE, AS_OF)]
    assert len(set(events)) == len(events) == 320
    with pytest.warns(UserWarning, match="may yield duplicate"):
        oncalls = list(small.iter_history("oncalls", SINCE, AS_OF))
    since, until = SINCE.isoformat(), AS_OF.isoformat()
    total = small.get_total("/oncalls", {"since": since, "until": until})
    assert len(oncalls) == total > 100


def test_the_client_reads_schedules_that_are_shift_based(small: Any) -> None:
    listed = small.get("/v3/schedules").json()["schedules"]
    window = {"since": SINCE.isoformat(), "until": AS_OF.isoformat()}
    for one in listed:
        wanted = {**window, "include[]": ["final_schedule"]}
        final = small.rget(f"/v3/schedules/{one['id']}", params=wanted)["final_schedule"]
        assert final["computed_shift_assignments"]


def test_iter_history_gets_past_the_ten_thousand_of_the_reference_account(reference: Any) -> None:
    """12,000 incidents: more than one range may serve, so the client has to halve it."""
    assert reference.get_total("/incidents", {"since": str(SINCE.date())}) > 10_000
    incidents = {row["id"] for row in reference.iter_history("incidents", SINCE, AS_OF)}
    assert len(incidents) == 12_000


def test_a_page_of_the_reference_account_is_quick(reference: Any) -> None:
    """The bound is ten times what a page takes; a regression to seconds must not pass."""
    began = datetime.now(UTC)
    pages = 20
    for number in range(pages):
        response = reference.get("/log_entries", params={"limit": 100, "offset": number * 100})
        assert len(response.json()["log_entries"]) == 100
    assert (datetime.now(UTC) - began).total_seconds() < pages * 0.1


def test_the_client_reads_renderings_and_abilities(small: Any) -> None:
    wanted = {
        "include[]": ["final_schedule"],
        "since": SINCE.isoformat(),
        "until": AS_OF.isoformat(),
        "time_zone": "UTC",
    }
    rows = list(small.iter_all("schedules", params=wanted))
    assert all(row["final_schedule"]["rendered_schedule_entries"] for row in rows)
    assert "teams" in small.rget("/abilities")


def test_the_client_sees_a_401_as_final(small: Any) -> None:
    with (
        LoopbackClient("no such key", base_url=small.url, trust_env=False) as stranger,
        pytest.raises(Error, match="401"),
    ):
        stranger.get("/services")
