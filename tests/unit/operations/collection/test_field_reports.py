"""What users of other clients reported of paging; docs/field-reports.md lists the reports."""

from typing import Any

from app.operations.collection.collect import collect
from collectors.manifest import COLLECTED
from collectors.resource import Span
from tests.conftest import ON_SQLITE
from tests.unit.operations.api import Api, Json, Query, paged, records, resource, within
from tests.unit.operations.conftest import Tenant, certificate_of, rows, run_of

pytestmark = ON_SQLITE


def _collected(tenant: Tenant, name: str) -> dict[str, Any]:
    tenant.connect()
    assert collect(run_of(tenant).handle) is not None
    resources: list[dict[str, Any]] = certificate_of(tenant)["resources"]
    return next(each for each in resources if each["resource"] == name)


def test_pages_shorter_than_requested_lose_no_record(tenant: Tenant, api: Api) -> None:
    api.account["incidents"] = records("incidents", 170)
    incidents = resource("incidents")

    def clamped(query: Query) -> Json:
        found = within(incidents, api.account["incidents"], query)
        return paged(incidents, found, query | {"limit": str(min(40, int(query["limit"])))})

    api.twists["incidents"] = clamped
    found = _collected(tenant, "incidents")
    assert (found["state"], found["stored"]) == ("complete", 170)
    assert len(rows("incident")) == 170


def test_every_request_of_a_range_names_both_its_ends(tenant: Tenant, api: Api) -> None:
    _collected(tenant, "incidents")
    ranged = {each.path for each in COLLECTED if each.span is not Span.NONE and not each.parent}
    sent = [(path, query) for path, query in api.requests if path in ranged]
    assert {path for path, _ in sent} == ranged - {
        each.path for each in COLLECTED if each.fallback or each.extension
    }
    assert all(query["since"] < query["until"] for _, query in sent)


def test_17_495_incidents_of_one_day_are_all_read(tenant: Tenant, api: Api) -> None:
    api.account["incidents"] = records("incidents", 17_495, days=1)
    found = _collected(tenant, "incidents")
    assert (found["state"], found["declared"], found["stored"]) == ("complete", 17_495, 17_495)
    assert all(
        int(q["offset"]) + int(q["limit"]) <= 10_000 for _, q in api.requests if "offset" in q
    )
