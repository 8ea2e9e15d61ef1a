"""The worked examples WE1 and WE2, read from the reference material beside the checkout."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.assessment.engine import assess
from app.assessment.options import AssessmentOptions
from app.assessment.paths import path_of
from app.assessment.roster import Levels, Roster
from app.assessment.rows import (
    EscalationRule,
    EscalationTarget,
    Facts,
    Incident,
    LogEntry,
    ScheduleEntry,
)
from app.assessment.timeline import timelines
from tests.unit.assessment.assessment_rows import SECOND, pseudonym

EXAMPLES = Path(__file__).parents[4] / "shared" / "examples" / "worked-examples.json"
LATER = {
    "WE1": {"merged_count", "km_median_s", "rmst_s", "reopened_count"},
    "WE2": {
        "paths",
        "full_path_PI205",
        "escalations_timeout",
        "escalations_manual",
        "reassignments",
        "repeat_count",
        "exhausted_incidents",
        "first_touch_ack_rate",
        "max_level_mean",
        "ack_timeout_incidents",
        "unowned_s_total",
        "unowned_s_PI205",
        "owned_s_total",
        "incidents_per_12h_l1",
    },
}
"""Measures of metrics that the engine does not compute yet, or tests below on its paths."""

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not EXAMPLES.exists(), reason="no shared folder beside the checkout"),
]


def example(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        e for e in json.loads(EXAMPLES.read_text())["examples"] if e["id"] == name
    )
    return found


def micros(text: str | None) -> int | None:
    return None if text is None else at(text)


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp()) * SECOND


def kind(reference: dict[str, Any]) -> str:
    return str(reference["type"]).removesuffix("_reference")


def incident_row(found: dict[str, Any]) -> Incident:
    acks = [at(a["at"]) for a in found["acknowledgements"] if kind(a["acknowledger"]) == "user"]
    return Incident(
        pseudonym(found["id"]),
        at(found["created_at"]),
        micros(found["resolved_at"]),
        micros(found["last_status_change_at"]),
        found["status"],
        found["urgency"],
        (found.get("resolve_reason") or {}).get("type") == "merge_resolve_reason",
        pseudonym(found["service"]["id"]),
        pseudonym(found["escalation_policy"]["id"]),
        min(acks, default=None),
    )


def log_entry_row(found: dict[str, Any]) -> LogEntry:
    return LogEntry(
        pseudonym(found["id"]),
        pseudonym(found["incident"]["id"]),
        at(found["created_at"]),
        found["type"],
        kind(found["agent"]),
        pseudonym(found["agent"]["id"]),
        found["channel"]["type"],
        tuple(pseudonym(person["id"]) for person in found.get("assignees", [])),
    )


def rule_rows(policy: dict[str, Any]) -> list[EscalationRule]:
    return [
        EscalationRule(
            pseudonym(policy["id"]),
            level,
            rule["escalation_delay_in_minutes"],
            tuple(EscalationTarget(kind(t), pseudonym(t["id"])) for t in rule["targets"]),
        )
        for level, rule in enumerate(policy["escalation_rules"], start=1)
    ]


def shift_rows(schedule: dict[str, Any]) -> list[ScheduleEntry]:
    return [
        ScheduleEntry(
            pseudonym(schedule["id"]), at(e["start"]), at(e["end"]), pseudonym(e["user"]["id"])
        )
        for e in schedule["final_schedule"]["rendered_schedule_entries"]
    ]


def rows(inputs: dict[str, Any]) -> Facts:
    schedules = inputs.get("schedules", [])
    return Facts(
        [incident_row(found) for found in inputs["incidents"]],
        [log_entry_row(found) for found in inputs["log_entries"]],
        [row for policy in inputs["escalation_policies"] for row in rule_rows(policy)],
        [pseudonym(schedule["id"]) for schedule in schedules],
        [row for schedule in schedules for row in shift_rows(schedule)],
    )


def asked(params: dict[str, Any]) -> AssessmentOptions:
    return AssessmentOptions(
        since=at(params["since"]),
        until=at(params["until"]),
        as_of=at(params["as_of"]),
        excluded_urgencies=tuple(params.get("dora_excluded_urgencies", ["low"])),
        ack_target_s=params.get("ack_target_s", 300),
        pair_tolerance_s=params.get("pair_tolerance_s", 5),
    )


def by_measure(found: Facts, options: AssessmentOptions) -> dict[str, Any]:
    measures: dict[str, Any] = {}
    for figure in assess(found, options).figures:
        key = figure.scope.get("key")
        if key is None:
            measures[figure.measure] = figure.value
        else:
            measures.setdefault(figure.measure, {})[key] = figure.value
    return measures


@pytest.mark.parametrize("name", ["WE1", "WE2"])
def test_every_measure_computed_so_far_has_the_expected_value(name: str) -> None:
    found = example(name)
    measures = by_measure(rows(found["inputs"]), asked(found["params"]))
    expected = {k: v["value"] for k, v in found["expected"].items() if k not in LATER[name]}
    assert {k: measures.get(k) for k in expected} == {
        k: pytest.approx(value, rel=1e-9) for k, value in expected.items()
    }


def test_the_paths_are_the_expected_ones() -> None:
    found = example("WE2")
    account, options = rows(found["inputs"]), asked(found["params"])
    levels = Levels(account.escalation_rules, Roster(account.schedules, account.schedule_entries))
    base = [t for t in timelines(account.incidents, account.log_entries, options) if not t.merged]
    paths = {
        t.incident.id.rstrip(b"\0").decode(): path_of(t, levels, options.pair_tolerance_s)
        for t in base
    }
    expected = found["expected"]
    assert {k: path.to_first_ack() for k, path in paths.items()} == expected["paths"]["value"]
    assert paths["PI205"].full() == expected["full_path_PI205"]["value"]
    causes = [cause for path in paths.values() for cause in path.escalations]
    assert causes.count("timeout") == expected["escalations_timeout"]["value"]
    assert causes.count("manual") == expected["escalations_manual"]["value"]
