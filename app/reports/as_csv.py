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
    "level",
    "key",
    "lacking",
    "window_since",
    "window_until",
    "as_of",
    "complete",
    "partial",
    "allow_list_hash",
    "method_version",
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
        scope.get("level"),
        scope.get("key"),
        " ".join(metric.get("lacking", ())),
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
    )
    yield _line(list(COLUMNS))
    for metric in document["metrics"]:
        yield _line(_row(metric, about))


def _line(cells: list[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
