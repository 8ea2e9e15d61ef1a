"""The figures of a report as CSV: one row a figure, streamed."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

COLUMNS = (
    "id",
    "measure",
    "value",
    "unit",
    "n",
    "interval_low",
    "interval_high",
    "exact",
    "level",
    "scope_id",
    "key",
    "sample",
    "privacy",
    "withheld",
    "lacking",
    "not_collected",
    "window_since",
    "window_until",
    "as_of",
    "complete",
    "partial",
    "allow_list_hash",
    "method_version",
    "thresholds_version",
)
FINDING_COLUMNS = (
    "finding",
    "title",
    "severity",
    "confidence",
    "dimension",
    "level",
    "scope_id",
    "recommendation",
    "source",
    "note",
    "evidence_id",
    "evidence_measure",
    "evidence_value",
    "evidence_unit",
    "evidence_n",
    "evidence_low",
    "evidence_high",
    "evidence_level",
    "evidence_scope_id",
    "evidence_key",
    "window_since",
    "window_until",
    "as_of",
    "thresholds_version",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


def _cell(value: object) -> object:
    """Text that a spreadsheet would run as a formula is quoted; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def _row(metric: Mapping[str, Any], about: tuple[object, ...]) -> list[object]:
    low, high = metric["interval"] or (None, None)
    scope = metric["scope"]
    cells = (
        *(metric[name] for name in ("id", "measure", "value", "unit", "n")),
        low,
        high,
        metric["exact"],
        scope["level"],
        scope.get("id"),
        scope.get("key"),
        metric["sample"],
        metric["privacy"],
        metric.get("withheld"),
        " ".join(metric.get("lacking", ())),
        " ".join(metric.get("not_collected", ())),
        *about,
    )
    return [_cell(cell) for cell in cells]


def as_csv(document: Mapping[str, Any]) -> Iterator[str]:
    """Header and rows as lines of RFC 4180; every row says its window and completeness."""
    about = (
        document["window"]["since"],
        document["window"]["until"],
        document["as_of"],
        bool(document["completeness"]["complete"]),
        bool(document.get("partial")),
        document["allow_list_hash"],
        document["method_version"],
        document["thresholds_version"],
    )
    yield _line(list(COLUMNS))
    for metric in document["metrics"]:
        yield _line(_row(metric, about))


def findings_as_csv(document: Mapping[str, Any]) -> Iterator[str]:
    """The findings: one row a figure of the evidence, and one for a finding without any."""
    about = (
        document["window"]["since"],
        document["window"]["until"],
        document["as_of"],
        document["thresholds_version"],
    )
    yield _line(list(FINDING_COLUMNS))
    for finding in document["findings"]:
        scope = finding["scope"]
        own = (
            *(finding[name] for name in ("id", "title", "severity", "confidence", "dimension")),
            scope["level"],
            scope.get("id"),
            *(finding[name] for name in ("recommendation", "source", "note")),
        )
        for evidence in finding["evidence"] or [None]:
            yield _line([_cell(cell) for cell in (*own, *_evidence(evidence), *about)])


def _evidence(row: Mapping[str, Any] | None) -> tuple[object, ...]:
    if row is None:
        return (None,) * 10
    low, high = row["interval"] or (None, None)
    scope = row["scope"]
    own = tuple(row[name] for name in ("id", "measure", "value", "unit", "n"))
    return (*own, low, high, scope["level"], scope.get("id"), scope.get("key"))


def _line(cells: list[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
