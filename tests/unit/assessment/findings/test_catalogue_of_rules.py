"""The catalogue of findings: whole, documented, and honest about where its limits come from."""

import re

import pytest

from app.assessment.catalogue import BY_ID
from app.assessment.findings.rule import Rule
from app.assessment.findings.rules import RULES
from app.assessment.thresholds import THRESHOLDS
from tests.unit.assessment.findings.finding_figures import POLICY, figure, found, served

JUDGED = (
    *("F02", "F03", "F08", "F09", "F10", "F12", "F13", "F14", "F15", "F16", "F17", "F19", "F20"),
    *("F24", "F25", "F30", "F31", "F32", "F33", "F34", "F35", "F37", "F38", "F39", "F40", "F41"),
    *("F42", "F43", "F45"),
)
"""Rules whose limits nobody published, or not all of them."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_states_its_condition_its_recommendation_and_its_source(rule: Rule) -> None:
    assert rule.definition.endswith(".")
    assert rule.recommendation.endswith(".")
    assert 1 <= len(re.findall(r"[.:;] |\.$", rule.recommendation)) <= 2
    assert rule.source
    assert rule.metrics
    assert set(rule.metrics) <= set(BY_ID)
    assert rule.dimension in {"", *THRESHOLDS.dimensions}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_limit_without_a_source_is_marked_as_our_judgment(rule: Rule) -> None:
    assert ("our judgment" in rule.source) == (rule.id in JUDGED or rule.id == "F47")


def test_every_limit_of_the_file_belongs_to_a_rule() -> None:
    assert set(THRESHOLDS.findings) <= {each.id for each in RULES}
    assert re.fullmatch(r"\d{4}\.\d+", THRESHOLDS.version)


def test_a_finding_carries_everything_its_rule_declares() -> None:
    (hit,) = found("F02", figure("reachable_people", 1, policy=POLICY), *served())
    result = hit.as_json()
    assert result["id"] == "F02"
    assert result["scope"] == {"level": "policy", "id": POLICY}
    assert result["severity"] == "High"
    assert result["confidence"] in {"High", "Medium", "Low"}
    assert result["dimension"] == "structure"
    assert str(result["recommendation"]).startswith("Put a schedule")
    evidence = result["evidence"]
    assert isinstance(evidence, list)
    assert {"id": "POL-02", "value": 1}.items() <= evidence[0].items()
    assert {"n", "interval", "scope"} <= set(evidence[0])
