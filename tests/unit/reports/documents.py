"""Reports as data, made by the engine itself from a few rows."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from app.assessment.options import AssessmentOptions
from app.assessment.release import Window
from app.assessment.rows import Facts, Schedule, ScheduleEntry
from app.operations.assessments.document import Loaded
from app.operations.assessments.document import document as computed
from app.operations.assessments.releases import Releases
from tests.factories.generated_company import Size, company
from tests.factories.generated_company import window as window_of
from tests.factories.rows import DAY, HOUR, SECOND, WEEK, entry, incident

SINCE = 2_878 * WEEK + 4 * DAY
UNTIL = SINCE + 2 * WEEK
ON_CALL, EMPTY = b"s" * 16, b"t" * 16


def window(received: int = 0, **values: Any) -> dict[str, Any]:
    """One window of a certificate, as a run leaves it that read everything."""
    return {
        "since": None,
        "until": None,
        "declared": received,
        "received": received,
        "stored": received,
        "duplicate": 0,
        "skipped": 0,
        "unknown": 0,
        "objects": None,
        "objects_done": 0,
        "objects_refused": 0,
        "objects_gone": 0,
        "reasons": [],
        "fields": [],
        "read_at": "2025-03-17T00:03:00Z",
        "carried": False,
        **values,
    }


def resource(name: str, received: int = 0, **values: Any) -> dict[str, Any]:
    """One resource of a certificate; ``reasons`` make it incomplete, plan or role absent."""
    reasons = values.get("reasons", [])
    absent = bool({"plan", "role"} & set(reasons))
    state = "not_available" if absent else "incomplete" if reasons else "complete"
    numbers = window(received, reasons=reasons)
    numbers = {key: numbers[key] for key in numbers if key not in {"fields", "carried"}}
    return {
        "resource": name,
        "state": state,
        "complete": state == "complete",
        "without": None if state == "complete" else "Something is not known.",
        **{key: value for key, value in numbers.items() if key not in {"since", "until"}},
        "windows": [window(received, reasons=reasons)],
        **values,
    }


def completeness(*resources: dict[str, Any], **values: Any) -> dict[str, Any]:
    """A certificate of these resources."""
    return {
        "complete": all(each["state"] != "incomplete" for each in resources),
        "not_available": [e["resource"] for e in resources if e["state"] == "not_available"],
        "refresh": False,
        "requests": 3,
        "rate_limited": 0,
        "resources": list(resources),
        **values,
    }


OPTIONS = AssessmentOptions(since=SINCE, until=UNTIL, as_of=UNTIL)


def facts(incidents: int = 40, *, ack_s: int = 250) -> Facts:
    """So many incidents, each acknowledged after ``ack_s``; of two schedules one is empty."""
    starts = {f"i{number}": SINCE + number * HOUR for number in range(incidents)}
    return Facts(
        incidents=[
            incident(name, at, resolved=2 * HOUR, service=None, policy=None)
            for name, at in starts.items()
        ],
        log_entries=[
            entry(name, "acknowledge", at + ack_s * SECOND)._replace(agent_id=b"u" * 16)
            for name, at in starts.items()
        ],
        schedules=[Schedule(each, None, frozenset(), ()) for each in (ON_CALL, EMPTY)],
        schedule_entries=[ScheduleEntry(ON_CALL, SINCE, UNTIL - HOUR, b"u" * 16)],
    )


def report(
    of: Facts,
    options: AssessmentOptions = OPTIONS,
    *,
    certificate: dict[str, Any] | None = None,
    baseline: AssessmentOptions | None = None,
    **about: Any,
) -> dict[str, Any]:
    """The report of any rows, as the operation makes it."""
    result = {
        "engagement": "0123456789abcdef",
        "time_zone": options.time_zone,
        "collected_at": "2025-03-17T00:04:00Z",
        "partial": False,
        "completeness": certificate or completeness(resource("incidents", len(of.incidents))),
        "allow_list_hash": "0" * 64,
        **about,
    }
    handle = None if baseline is None else "fedcba9876543210"
    collected = Window(options.since, options.until)
    releases = Releases({}, collected)
    return computed(Loaded(of, result, options, baseline, handle, releases))[0]


@cache
def _company_report() -> str:
    return json.dumps(report(company(1), window_of(Size())))


def company_report() -> dict[str, Any]:
    """The report of a generated company: computed once, a new copy for each test."""
    copy: dict[str, Any] = json.loads(_company_report())
    return copy


def document(
    incidents: int = 40,
    *,
    ack_s: int = 250,
    partial: bool = False,
    complete: bool = True,
    certificate: dict[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A report of ``facts``, with other options where ``settings`` say so."""
    reasons = [] if complete else ["list_moved"]
    made = certificate or completeness(resource("incidents", incidents, reasons=reasons))
    return report(
        facts(incidents, ack_s=ack_s),
        replace(OPTIONS, **(settings or {})),
        certificate=made,
        partial=partial,
    )
