"""From connect to disconnect, as a consultant does it, on real processes."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from collectors.manifest import COLLECTED, RESOURCES, manifest_hash
from collectors.resource import Resource
from tests.functional.collection import UNLIMITED, assert_all_stored
from tests.functional.consultant import Consultant, values
from tests.postgres import Postgres
from tests.servers import Installation

CANARY = re.compile(rb"CNRY[A-Z2-7]{4}")
FREE = re.compile(r"[0-9]{1,5}|true|[0-9-]{10}T[0-9:]{8}Z")
"""What we fill in ourselves: counts, the total that is requested, instants in UTC."""
OAUTH = {
    "/oauth/authorize",
    "/oauth/token",
    "/global/oauth/anonymous/jwks",
    "/global/oauth/anonymous/.well-known/openid-configuration",
}


@pytest.fixture
def database_files(
    database_url: str, request: pytest.FixtureRequest
) -> Callable[[Installation], list[Path]]:
    """Every file the database has written, its log included."""
    if database_url.startswith("sqlite"):
        return lambda product: sorted(product.plan.instance.glob("tacit.db*"))
    server: Postgres = request.getfixturevalue("postgres")
    return lambda _: server.files()


def test_connect_collect_assess_download_and_disconnect_work_in_this_order(
    tacit: Callable[..., Installation], database_files: Callable[[Installation], list[Path]]
) -> None:
    product = tacit(**UNLIMITED)
    consultant = Consultant(product).logs_in().opens_engagement()
    assert "Not connected" in consultant.card()

    landed = consultant.connects()
    assert landed.url.endswith("/integrations")
    assert "Connected" in landed.text
    consultant.waits_for_assessment()

    counts = product.sandbox.counts()
    document = consultant.report()
    assert_all_stored(document["completeness"])
    stored = {each["resource"]: each["stored"] for each in document["completeness"]["resources"]}
    # Both kinds of dependency share a table: the first reader of each stores it.
    kinds = ("technical_dependencies", "business_dependencies")
    assert sum(stored.pop(kind) for kind in kinds) == counts["service_dependencies"]
    assert product.count("service_dependency") == counts["service_dependencies"]
    assert stored == {
        resource.name: counts[resource.name]
        for resource in COLLECTED
        if not (resource.fallback or resource.extension or resource.name in kinds)
    }
    assert document["allow_list_hash"] == manifest_hash()
    assert 0 < values(document, "incident_count")[""] <= counts["incidents"]

    table = consultant.http.get(product.url + consultant.path("/report.csv"), timeout=30)
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert len(rows) == len(document["metrics"])
    assert {row["measure"] for row in rows} == {each["measure"] for each in document["metrics"]}

    printed = json.loads(product.tacit("assess", consultant.engagement, "--json"))
    assert printed == document

    for page in ("", "/findings", "/figures/response", "/figures/on-call", "/integrations"):
        text = consultant.opens(consultant.path(page))
        assert not CANARY.search(text.encode()), page

    assert consultant.disconnects() < 2
    consultant.waits_for_card("Deleted")
    assert consultant.http.get(product.url + consultant.path("/report.json")).status_code == 404
    receipt = re.search(r"/receipts/[0-9a-f]{16}", consultant.opens(consultant.path("/card")))
    assert receipt
    text = consultant.opens(consultant.path(receipt.group(0)))
    assert f"{counts['log_entries']:,}".replace(",", "") in re.sub(r"[^0-9]", "", text)
    for name in ("epoch", "token", "incident", "log_entry", "schedule_entry", "assessment"):
        assert product.count(name) == 0

    product.stop()
    written = {path: path.read_bytes() for path in database_files(product)}
    assert any(b"acme" in content for content in written.values()), "the search finds what is there"
    for path, content in written.items():
        assert not CANARY.search(content), path.name
    assert not CANARY.search(product.words().encode())
    keys = {path.name for path in (product.plan.instance / "keystore").iterdir()}
    assert keys == {".lock", "forms.key", "master.key", "signing.key"}


def _is_declared(request: dict[str, Any], resource: Resource) -> bool:
    """Whether every key and value of its query is one that the allow-list names."""
    fixed = {key: set(values) for key, values in resource.fixed_values().items()}
    free = resource.query_keys() - set(fixed)
    return request["method"] == "GET" and all(
        set(values) <= fixed[key]
        if key in fixed
        else key in free and len(values) == 1 and FREE.fullmatch(values[0])
        for key, values in request["query"].items()
    )


def test_only_declared_requests_reached_pagerduty(product: Installation) -> None:
    before = product.sandbox.requests()
    consultant = Consultant(product).logs_in().opens_engagement()
    consultant.connects(extensions=("users",))
    consultant.waits_for_assessment()
    received = product.sandbox.requests()
    assert received["refused"] == before["refused"]
    declared = {resource.path: resource for resource in RESOURCES if not resource.fallback}
    sent = [
        each
        for each in received["requests"][len(before["requests"]) :]
        if each["template"] not in OAUTH
    ]
    assert {each["template"] for each in sent} == set(declared)
    assert [each for each in sent if not _is_declared(each, declared[each["template"]])] == []
    assert {each["status"] for each in sent} == {200}
    consultant.disconnects()


def test_time_zones_of_people_are_read_exactly_while_the_client_allows_it_by_name(
    product: Installation,
) -> None:
    def sent() -> int:
        return int(product.sandbox.requests()["by_path"].get("/users", 0))

    consultant = Consultant(product).logs_in().opens_engagement()
    assert 'value="users"' in consultant.opens(consultant.path("/connect"))
    before = sent()
    consultant.connects()
    consultant.waits_for_assessment()
    assert sent() == before
    assert "Allowed by name" not in consultant.card()

    consultant.connects(extensions=("users",))
    consultant.waits_for_assessment()
    assert sent() == before + 1
    people = product.sandbox.counts()["users"]
    assert product.count("responder") == people
    certificate = consultant.report()["completeness"]
    stored = {each["resource"]: each["stored"] for each in certificate["resources"]}
    assert stored["users"] == people
    assert "Allowed by name" in consultant.card()

    consultant.connects()
    assert product.count("responder") == 0, "it goes at once, not with the next collection"
    consultant.waits_for_assessment()
    assert sent() == before + 1
    assert "Allowed by name" not in consultant.card()
    consultant.disconnects()


def test_a_denied_consent_stores_nothing(product: Installation) -> None:
    consultant = Consultant(product).logs_in().opens_engagement()
    tokens = product.count("token")
    landed = consultant.connects(decision="deny")
    assert landed.status_code == 400
    assert "PagerDuty access was denied" in landed.text
    assert "Nothing was stored" in landed.text
    assert "Not connected" in consultant.card()
    assert product.count("token") == tokens


def test_another_account_than_the_invited_one_is_refused(product: Installation) -> None:
    consultant = Consultant(product).logs_in().opens_engagement(subdomain="another")
    landed = consultant.connects()
    assert "Another PagerDuty account was authorised" in landed.text
    assert "another.pagerduty.com" in landed.text
    assert "Not connected" in consultant.card()


def test_a_user_who_is_not_admin_is_connected_and_marked_partial(product: Installation) -> None:
    consultant = Consultant(product).logs_in().opens_engagement()
    consultant.connects(login="limited_user")
    assert "Partial" in consultant.card()
    consultant.waits_for_assessment()
    document = consultant.report()
    counts = product.sandbox.counts()
    assert document["partial"] is True
    stored = {each["resource"]: each["stored"] for each in document["completeness"]["resources"]}
    assert stored["incidents"] == counts["visible_to_limited_user"]["incidents"]
    consultant.disconnects()


def test_a_callback_counts_once_and_only_in_its_own_browser(product: Installation) -> None:
    consultant = Consultant(product).logs_in().opens_engagement()
    answer = consultant.sends(consultant.path("/connect"), follow=False)
    back = requests.post(
        answer.headers["location"],
        data={"login": "admin", "decision": "allow"},
        allow_redirects=False,
        timeout=30,
    ).headers["location"]
    stranger = Consultant(product).logs_in()
    refused = stranger.http.get(back, timeout=30)
    assert refused.status_code == 400
    assert "No connection was in progress" in refused.text
    assert "Connected" in consultant.http.get(back, timeout=30).text
    assert "No connection was in progress" in consultant.http.get(back, timeout=30).text
    consultant.disconnects()


def test_a_revoked_grant_is_shown_on_the_card_and_a_reconnect_continues(
    tacit: Callable[..., Installation],
) -> None:
    product = tacit(**UNLIMITED, TACIT_CHECK_SECONDS="1")
    consultant = Consultant(product).logs_in().opens_engagement()
    consultant.connects()
    consultant.waits_for_assessment()
    before = product.count("log_entry")
    requests.post(f"{product.sandbox.url}/account/apps/revoke", timeout=10).raise_for_status()
    consultant.waits_for_card("Disconnected")
    card = consultant.card()
    assert "Reconnect" in card
    assert "withdrawn at PagerDuty" in card
    assert consultant.report()["metrics"]
    consultant.connects()
    card = consultant.card()
    assert "Connected" in card
    assert "Reconnect" not in card
    assert product.count("epoch") == 1
    assert product.count("log_entry") == before


def test_after_disconnect_a_reconnect_collects_again(product: Installation) -> None:
    consultant = Consultant(product).logs_in().opens_engagement()
    consultant.connects()
    consultant.waits_for_assessment()
    consultant.disconnects()
    consultant.waits_for_card("Deleted")
    consultant.connects()
    consultant.waits_for_assessment()
    assert consultant.report()["completeness"]["complete"] is True
    consultant.disconnects()


def test_another_firm_sees_nothing(product: Installation) -> None:
    consultant = Consultant(product).logs_in().opens_engagement()
    email, password = "rival@rival.example", "a rival's password"
    product.tacit("member", "add", "--firm", "Rival", "--email", email, "--password", password)
    rival = Consultant(product)
    rival.sends("/login", email=email, password=password)
    pages = ("", "/card", "/connect", "/disconnect", "/completeness", "/report.json", "/report.csv")
    for page in pages:
        rival.opens(consultant.path(page), status=404)
    for verb in ("/collect", "/refresh", "/connect", "/disconnect"):
        answer = rival.http.post(
            product.url + consultant.path(verb), data=rival.form("/engagements/new"), timeout=30
        )
        assert answer.status_code == 404, verb
    consultant.opens(consultant.path("/integrations"))
