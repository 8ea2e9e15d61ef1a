"""The JSON report is what docs/assessment.schema.json says, and nothing beside it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from app.reports.as_json import as_json
from tests.factories.generated_company import Size, company, window
from tests.factories.rows import WEEK
from tests.unit.reports.documents import company_report, document, report

SCHEMA = json.loads(Path("docs/assessment.schema.json").read_text(encoding="utf-8"))


def faults(made: dict[str, Any]) -> list[str]:
    """What is not as the schema says, after the way through JSON."""
    read = json.loads("".join(as_json(made)))
    errors = OAS31Validator(SCHEMA).iter_errors(read)
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in errors]


@pytest.mark.parametrize("incidents", [0, 4, 40])
def test_a_report_conforms_to_the_schema(incidents: int) -> None:
    assert faults(document(incidents)) == []


def test_a_report_with_every_part_conforms_to_the_schema() -> None:
    later = window(Size())
    later = replace(later, since=later.since + 4 * WEEK)
    before = replace(later, since=later.since - 4 * WEEK, until=later.since)
    made = report(company(1), later, baseline=before)
    assert made["comparison"]["comparable"]
    assert made["findings"]
    assert made["withheld"]
    assert faults(made) == []


@pytest.mark.parametrize("part", ["metrics", "findings", "scorecard", "options", "completeness"])
def test_a_field_that_is_not_declared_is_refused(part: str) -> None:
    made = company_report()
    inside = made[part]
    (inside[0] if isinstance(inside, list) else inside)["person"] = "a name"
    assert len(faults(made)) == 1


def test_a_withheld_figure_with_a_value_is_refused() -> None:
    made = document(40)
    made["metrics"][0] |= {"withheld": "PRIV-1"}
    assert faults(made)
