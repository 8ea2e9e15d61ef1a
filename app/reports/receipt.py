"""A deletion in words: its stages, what each found, and what was promised of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.reports.wording import words
from app.reports.wording.deletion import CAUSES, REVOCATIONS, STAGES

Statement = Mapping[str, Any]

_FACTS: Mapping[str, str] = {
    "destroyed": "file overwritten and removed: {}",
    "database": "database {}",
    "log": "write-ahead log {}",
    "queue": "queue {}",
    "bytes": "{} bytes",
    "found": "{} hits",
    "tables": "{} tables",
    "rewritten": "rewritten: {}",
    "rows": "{} rows left",
    "files": "{} files left",
    "reached": "queue reached: {}",
    "removed": "{} left over and removed",
    "outcome": "{}",
    "log_recycled": "log files used again: {}",
}
"""What a stage found, in the order in which it is shown."""
_WORDS: Mapping[object, str] = {
    True: "yes",
    False: "no",
    None: words.DASH,
}


@dataclass(frozen=True, slots=True)
class Stage:
    """``at`` is None while it has not happened; ``found`` is what it found, in words."""

    name: str
    at: str | None
    found: str


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """Statements that were signed, None where there is none."""

    promise: Statement | None
    receipt: Statement | None
    breach: Statement | None
    cause: str
    stages: list[Stage]

    @property
    def signed(self) -> bool:
        """False for a deletion of a version that signed nothing."""
        return bool(self.promise or self.receipt)


def receipt_page(
    cause: str, stages: Mapping[str, Mapping[str, Any]], stated: Mapping[str, Statement]
) -> ReceiptPage:
    """What the page shows; ``stated`` is what was signed, by kind."""
    receipt = stated.get("receipt")
    return ReceiptPage(
        promise=stated.get("promise"),
        receipt=receipt,
        breach=stated.get("breach"),
        cause=CAUSES[cause],
        stages=list(_stages(stages if receipt is None else receipt["stages"])),
    )


def _stages(stages: Mapping[str, Mapping[str, Any]]) -> Iterator[Stage]:
    """In their order; what has not happened yet too."""
    for name in [*STAGES, *(other for other in stages if other not in STAGES)]:
        known = stages.get(name, {})
        found = {fact: known[fact] for fact in known if fact != "at"}
        title = STAGES.get(name, words.plain_name(name))
        yield Stage(title, known.get("at"), ", ".join(_said(found)))


def _said(found: Mapping[str, Any]) -> Iterator[str]:
    for name in [*_FACTS, *(other for other in found if other not in _FACTS)]:
        if name in found:
            yield _FACTS.get(name, f"{words.plain_name(name)}: {{}}").format(_value(found[name]))


def _value(value: object) -> str:
    if isinstance(value, bool | str | None):
        return REVOCATIONS.get(str(value)) or _WORDS.get(value, str(value))
    return words.number(value) if isinstance(value, int) else str(value)
