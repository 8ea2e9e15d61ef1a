"""Responses of the sandbox match PagerDuty's OpenAPI document."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator

from sandbox.application import create_sandbox
from sandbox.settings import SANDBOX_API_KEY, Settings

pytestmark = pytest.mark.shared

AS_OF = datetime(2026, 6, 1, 12, tzinfo=UTC)
WINDOW = {"since": "2026-04-01T00:00:00Z", "until": "2026-06-01T12:00:00Z", "limit": "100"}
UNKNOWN_WORDS = {"night_operator", "dynamic_urgency", "least_busy", "shadow", "on_the_way"}
PARENTS = {
    "/service_dependencies/technical_services": "/services",
    "/service_dependencies/business_services": "/business_services",
}
SHIFTS = {"since": WINDOW["since"], "until": WINDOW["until"], "include[]": "final_schedule"}
RENDERED = {
    **WINDOW,
    "include[]": ["final_schedule", "schedule_layers", "overrides_subschedule"],
}


def relaxed(schema: Any) -> Any:
    """The document with four errors corrected, which its own examples show.

    Fields that are not required may be null; several branches of a `oneOf` often fit (a plain
    `{"type": "api"}` is all five channels); the type of an acknowledgement is misspelt; a service
    without alert grouping has a type of null and no configuration.
    """
    if isinstance(schema, list):
        return [relaxed(one) for one in schema]
    if schema == "acknowledgement_log_entry":
        return "acknowledge_log_entry"
    if not isinstance(schema, dict):
        return schema
    if schema.get("title") == "Alert Grouping Parameters":
        schema = {**schema, "properties": {"type": schema["properties"]["type"]}}
    corrected = {"anyOf" if key == "oneOf" else key: relaxed(one) for key, one in schema.items()}
    corrected.pop("discriminator", None)
    properties = corrected.get("properties")
    if isinstance(properties, dict):
        required = schema.get("required", [])
        for name, one in properties.items():
            if name not in required and isinstance(one, dict):
                properties[name] = {"anyOf": [{"nullable": True, "enum": [None]}, one]}
    return corrected


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    checkout = Path(__file__).resolve().parents[2]
    path = checkout.parent / "shared" / "pagerduty" / "openapi-subset.json"
    if not path.exists():
        pytest.skip("PagerDuty's OpenAPI document does not lie beside the checkout")
    corrected: dict[str, Any] = relaxed(json.loads(path.read_text(encoding="utf-8")))
    return corrected


@pytest.fixture(scope="module")
def sandbox() -> Any:
    return create_sandbox(Settings(as_of=AS_OF, rate_limit=0)).test_client()


def problems(document: dict[str, Any], schema: dict[str, Any], body: Any) -> Iterator[str]:
    rooted = {**schema, "components": document["components"], "paths": document["paths"]}
    for error in OAS30Validator(rooted).iter_errors(body):
        yield f"{list(error.absolute_path)}: {error.message}"


def schema_of(document: dict[str, Any], path: str, status: str = "200") -> dict[str, Any]:
    response = document["paths"][path]["get"]["responses"][status]
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    schema: dict[str, Any] = response["content"]["application/json"]["schema"]
    return schema


def misfits(document: dict[str, Any], schema: dict[str, Any], body: Any) -> set[str]:
    """What does not fit, but for the words that stand there because no document knows them."""
    violations = set(problems(document, schema, body))
    return {one for one in violations if not any(f"'{word}'" in one for word in UNKNOWN_WORDS)}


def request_of(sandbox: Any, path: str, query: dict[str, Any]) -> Any:
    key = {"Authorization": f"Token token={SANDBOX_API_KEY}"}
    return sandbox.get(path, query_string=query, headers=key)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/abilities", {}),
        ("/services", {"total": "true", "include[]": "auto_pause_notifications_parameters"}),
        ("/escalation_policies", {}),
        ("/escalation_policies", {"include[]": "escalation_rule_assignment_strategies"}),
        ("/priorities", {}),
        ("/teams", {"total": "true"}),
        ("/users", {}),
        ("/business_services", {}),
        ("/maintenance_windows", {"filter": "all"}),
        ("/change_events", WINDOW),
        ("/change_events", {**WINDOW, "total": "true"}),
        ("/oncalls", {"since": "2026-05-01T00:00:00Z", "until": "2026-06-01T00:00:00Z"}),
        ("/paused_incident_reports/counts", WINDOW),
        ("/v3/schedules", {}),
        ("/schedules", {}),
        ("/schedules", RENDERED),
        ("/incidents", WINDOW),
    ],
)
def test_a_response_fits_the_document(
    document: dict[str, Any], sandbox: Any, path: str, query: dict[str, Any]
) -> None:
    response = request_of(sandbox, path, query)
    assert response.status_code == 200
    assert misfits(document, schema_of(document, path), response.get_json()) == set()


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/teams/{id}/members", {}),
        ("/schedules/{id}", RENDERED),
        ("/v3/schedules/{id}", SHIFTS),
        ("/service_dependencies/technical_services/{id}", {}),
        ("/service_dependencies/business_services/{id}", {}),
    ],
)
def test_a_response_about_one_object_fits_the_document(
    document: dict[str, Any], sandbox: Any, path: str, query: dict[str, Any]
) -> None:
    list_path = path.split("/{id}", maxsplit=1)[0]
    listed = request_of(sandbox, PARENTS.get(list_path, list_path), {}).get_json()
    (rows,) = (value for value in listed.values() if isinstance(value, list))
    assert rows
    for row in rows:
        response = request_of(sandbox, path.replace("{id}", row["id"]), query)
        assert response.status_code == 200
        schema = schema_of(document, path)
        assert misfits(document, schema, response.get_json()) == set()


def test_users_me_fits_the_document(document: dict[str, Any], sandbox: Any) -> None:
    account = sandbox.application.extensions["sandbox"].account
    schema = schema_of(document, "/users/me")
    for person in account.authorizers.values():
        assert list(problems(document, schema, {"user": person.body})) == []


def test_log_entries_fit_the_schema_of_their_type(document: dict[str, Any], sandbox: Any) -> None:
    """Types that the document does not know are there on purpose, and are the only misfits."""
    schemas = document["components"]["schemas"]
    by_type = {}
    for name, schema in schemas.items():
        own = [
            part["properties"]["type"]
            for part in schema.get("allOf", [])
            if "type" in part.get("properties", {})
        ]
        if name.endswith("LogEntry") and name != "LogEntry":
            by_type[json.dumps(own).split('"enum": ["')[1].split('"')[0]] = schema
    seen: Counter[str] = Counter()
    unknown = set()
    for offset in range(0, 3_000, 100):
        page = request_of(sandbox, "/log_entries", {"limit": 100, "offset": offset}).get_json()
        for entry in page["log_entries"]:
            if entry["type"] not in by_type:
                unknown.add(entry["type"])
            elif seen[entry["type"]] < 20:
                seen[entry["type"]] += 1
                assert list(problems(document, by_type[entry["type"]], entry)) == []
    assert len(seen) >= 9
    assert unknown
    assert unknown <= {
        "reopen_log_entry",
        "priority_change_log_entry",
        "responder_request_log_entry",
        "status_update_log_entry",
    }


def test_the_check_notices_a_wrong_response(document: dict[str, Any], sandbox: Any) -> None:
    body = request_of(sandbox, "/incidents", WINDOW).get_json()
    body["incidents"][3]["urgency"] = "medium"
    assert misfits(document, schema_of(document, "/incidents"), body)


def test_the_sandbox_serves_words_that_no_document_lists(
    document: dict[str, Any], sandbox: Any
) -> None:
    served = "".join(
        request_of(sandbox, path, {"limit": "100", **query}).text
        for path, query in (
            ("/users", {}),
            ("/services", {}),
            ("/escalation_policies", {"include[]": "escalation_rule_assignment_strategies"}),
            ("/incidents", WINDOW),
            ("/incidents", {**WINDOW, "offset": "100"}),
            *(
                (f"/teams/{one['id']}/members", {})
                for one in request_of(sandbox, "/teams", {}).get_json()["teams"]
            ),
        )
    )
    assert {word for word in UNKNOWN_WORDS if f'"{word}"' in served} == UNKNOWN_WORDS


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/incidents", {"limit": "x"}, "400"),
        ("/services", {"offset": "10000"}, "400"),
        ("/oncalls", {"since": "2026-01-01T00:00:00Z", "until": "2026-06-01T00:00:00Z"}, "400"),
        ("/change_events", {"since": "2026-05-01T00:00:00+02:00"}, "400"),
        ("/v3/schedules", {"limit": "1001"}, "400"),
        ("/paused_incident_reports/counts", {"since": "2025-01-01T00:00:00Z"}, "400"),
    ],
)
def test_an_error_fits_the_document(
    document: dict[str, Any], sandbox: Any, path: str, query: dict[str, Any], status: str
) -> None:
    response = request_of(sandbox, path, query)
    assert str(response.status_code) == status
    assert list(problems(document, schema_of(document, path, status), response.get_json())) == []
