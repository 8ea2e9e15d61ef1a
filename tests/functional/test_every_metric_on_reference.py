"""Every metric and every finding, on the account of a large company, on real processes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from app.assessment.catalogue import METRICS, SERIES
from app.assessment.findings.rules import RULES
from tests.functional.consultant import Consultant
from tests.servers import Installation

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "assessment.schema.json"
TIME_OUT = 240.0


@pytest.mark.timeout(300)
def test_every_metric_and_finding_is_in_the_report_of_a_large_company(
    tacit: Callable[..., Installation],
) -> None:
    product = tacit(SANDBOX_SIZE="reference", SANDBOX_RATE_LIMIT="900000")
    # Of the last 90 days only eleven weeks are whole on a Sunday: too few to show a change.
    today = datetime.now(UTC).date()
    sunday = today - timedelta(days=today.weekday() + 1)
    monday = sunday - timedelta(weeks=12, days=-1)
    consultant = Consultant(product).logs_in()
    consultant.opens_engagement(period="typed", since=str(monday), until=str(sunday))
    consultant.wait = TIME_OUT
    consultant.connects(extensions=("users",))
    consultant.waits_for_assessment()
    document = consultant.report()
    assert document["completeness"]["complete"] is True
    assert {each["id"] for each in document["metrics"]} == {each.id for each in METRICS}
    assert not _silent(document)
    assert set(document["series"]) == {each.name for each in SERIES}
    _assert_every_rule_was_checked(document)
    assert list(OAS31Validator(json.loads(SCHEMA.read_text())).iter_errors(document)) == []
    assert "CANARY_" not in json.dumps(document)


def _silent(document: dict[str, Any]) -> set[str]:
    """Metrics of which no figure has a value."""
    with_value = {each["id"] for each in document["metrics"] if each["value"] is not None}
    return {each["id"] for each in document["metrics"]} - with_value


def _assert_every_rule_was_checked(document: dict[str, Any]) -> None:
    checked = {each["id"]: each["state"] for each in document["checked"]}
    assert list(checked) == [each.id for each in RULES]
    assert set(checked.values()) <= {"found", "clear", "not told"}
    found = {number for number, state in checked.items() if state == "found"}
    assert found == {each["id"] for each in document["findings"]}
    assert len(found) >= 10, "a company without troubles would prove little"
    assert "not told" not in checked.values()
