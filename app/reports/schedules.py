"""On-call coverage per schedule (ONC-09) as rows of a table, the widest gap first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.reports.figures import by_key

SHORT_ID = 8


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One schedule; hours of the window, ``covered_share`` of 1, all None where unknown."""

    pseudonym: str
    label: str
    covered_h: float | None
    gap_h: float | None
    gap_count: int | None
    covered_share: float | None


Metrics = Mapping[str, Mapping[str, Any]]


def _value(metrics: Metrics, key: str) -> float | None:
    value: float | None = metrics[key]["value"] if key in metrics else None
    return value


def schedule_rows(document: Mapping[str, Any]) -> list[ScheduleRow]:
    """Every schedule of the report, the one with the most uncovered hours first."""
    covered = by_key(document, "schedule_covered_h")
    gaps = by_key(document, "schedule_gap_h")
    counts = by_key(document, "schedule_gap_count")
    rows = [
        _row(key, _value(covered, key), _value(gaps, key), _value(counts, key)) for key in covered
    ]
    return sorted(rows, key=lambda row: (-(row.gap_h or 0), row.pseudonym))


def _row(key: str, covered: float | None, gap: float | None, count: float | None) -> ScheduleRow:
    whole = None if covered is None or gap is None else covered + gap
    return ScheduleRow(
        pseudonym=key,
        label=key[:SHORT_ID],
        covered_h=covered,
        gap_h=gap,
        gap_count=None if count is None else round(count),
        covered_share=covered / whole if covered is not None and whole else None,
    )
