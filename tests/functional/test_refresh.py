"""A refresh: what has changed is read again, what has not is taken over, and both are shown."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import requests

from collectors.manifest import RESOURCES
from collectors.resource import Refresh
from sandbox.settings import SANDBOX_API_KEY
from tests.functional.collection import UNLIMITED, connected
from tests.functional.consultant import Consultant
from tests.servers import Installation, wait_until

HOUR = 3_600_000_000
DAILY = {each.path for each in RESOURCES if each.refresh is Refresh.DAILY}


def _an_incident_with_a_priority(product: Installation) -> str:
    response = requests.get(
        f"{product.sandbox.url}/incidents",
        headers={"Authorization": f"Token token={SANDBOX_API_KEY}"},
        params={"limit": 100},
        timeout=10,
    )
    return next(str(each["id"]) for each in response.json()["incidents"] if each["priority"])


def _without_priority(product: Installation) -> int:
    return int(product.select("SELECT count(*) FROM incident WHERE priority_id IS NULL")[0])


def _received(product: Installation, before: int) -> Counter[str]:
    """Requests to PagerDuty since then, by template."""
    received = product.sandbox.requests()["requests"][before:]
    return Counter(each["template"] for each in received)


def _certificate(consultant: Consultant) -> dict[str, Any]:
    found: dict[str, Any] = consultant.report()["completeness"]
    return found


def _resources(consultant: Consultant) -> dict[str, dict[str, Any]]:
    return {each["resource"]: each for each in _certificate(consultant)["resources"]}


def _carried(resource: dict[str, Any]) -> list[bool]:
    return [each["carried"] for each in resource["windows"]]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_refresh_reads_what_changed_and_takes_over_the_rest(
    tacit: Callable[..., Installation], database_url: str
) -> None:
    product = tacit(**UNLIMITED)
    consultant = connected(product)
    consultant.waits_for_assessment()
    first = consultant.report()
    assert first["completeness"]["refresh"] is False
    entries, services = product.count("log_entry"), product.count("service")
    plain = _without_priority(product)
    product.sandbox.mutate(kind="add_log_entry")
    product.sandbox.mutate(kind="change_priority", id=_an_incident_with_a_priority(product))
    product.sandbox.mutate(kind="delete_service")
    before = len(product.sandbox.requests()["requests"])

    consultant.presses("Refresh now", "/collect").waits_for_assessment()

    assert product.count("log_entry") == entries + 1
    assert _without_priority(product) == plain + 1
    assert product.count("service") == services
    assert product.select("SELECT count(*) FROM service WHERE deleted_at IS NOT NULL") == [1]

    document, resources = consultant.report(), _resources(consultant)
    assert document["completeness"]["complete"] is True
    assert document["completeness"]["refresh"] is True
    assert document["as_of"] > first["as_of"]
    assert _carried(resources["log_entries"]) == [True, False]
    assert resources["log_entries"]["windows"][1]["stored"] >= 1
    assert _carried(resources["incidents"]) == [False]
    assert resources["incidents"]["stored"] == product.sandbox.counts()["incidents"]
    assert resources["services"]["stored"] == resources["services"]["declared"] == services - 1
    for name in ("team_members", "technical_dependencies", "schedule_v3_details"):
        assert _carried(resources[name]) == [True], name
    page = consultant.opens(consultant.path("/completeness"))
    assert "a refresh: what had not changed is taken over" in page
    assert "taken over from the collection before" in page

    received = _received(product, before)
    assert not DAILY & set(received), "objects are requested one by one once a day"
    assert received["/log_entries"] == 1
    assert received["/incidents"] == -(-product.sandbox.counts()["incidents"] // 100)
    assert document["completeness"]["requests"] == received.total() < 25


def test_refreshes_start_at_the_chosen_interval(product: Installation) -> None:
    consultant = connected(product)
    consultant.waits_for_assessment()
    before = len(product.sandbox.requests()["requests"])
    consultant.presses("Refresh", "/refresh", rhythm="hourly")
    assert "Next refresh" in consultant.card()
    # The rhythm counts from the moment the last run was queued, in microseconds.
    product.execute("UPDATE collection_run SET queued_at = queued_at - :hour", hour=HOUR)
    wait_until(lambda: _certificate(consultant)["refresh"], 30, "no refresh came")
    assert _certificate(consultant)["complete"] is True
    assert not DAILY & set(_received(product, before))

    consultant.presses("Refresh", "/refresh", rhythm="off")
    assert "Next refresh" not in consultant.card()
