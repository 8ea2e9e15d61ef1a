"""Faults planted by a test: what the next requests of a path meet instead of their answer."""

from dataclasses import dataclass, field, fields
from threading import Lock
from typing import Any, Literal, cast, get_args

from sandbox.errors import BadFieldError

Before = Literal[
    "429", "5xx", "status", "reset", "hang", "html", "oversize", "bomb", "redirect", "invalid_grant"
]
"""These stand in for the answer: the request is not admitted, nor counted by the limit."""

After = Literal["slow", "half", "truncated", "short", "wrong_type", "malformed_record", "next"]
"""These spoil an answer that was otherwise served."""

Kind = Before | After
_MEBIBYTE = 1 << 20


@dataclass(slots=True)
class Fault:
    """`path` None is any path; `after` requests pass first, then `times` requests meet it.

    A 429 without `headers` has no body either, as PagerDuty's sometimes have not; without
    them an oversized body has no length header. `seconds` is how long `slow` waits and
    `hang` and `half` wait at most; `code` is the one in the body of `status`, 1 the one that
    belongs to it; `bytes` is the size of `oversize` and of what `bomb`
    inflates to; `field` is the key, dotted within an object, that `wrong_type` replaces in the
    first record ("" being the record, "*" the whole list); `to` is where `redirect` and `next`
    lead.
    """

    kind: Kind
    path: str | None = None
    after: int = 0
    times: int = 1
    headers: bool = True
    status: int = 500
    code: int = 1
    reset_seconds: int = 1
    seconds: float = 60.0
    bytes: int = 6 * _MEBIBYTE
    field: str = "id"
    to: str = "https://elsewhere.example/"

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> "Fault":
        """Raises BadFieldError for anything but the fields above."""
        kind = str(body.get("kind"))
        if kind not in (*get_args(Before), *get_args(After)):
            raise BadFieldError("kind")
        values: dict[str, Any] = {}
        for one in fields(cls)[1:]:
            value = body.get(one.name, one.default)
            if not _fits(value, one.default):
                raise BadFieldError(one.name)
            values[one.name] = value
        unknown = set(body) - {one.name for one in fields(cls)}
        if unknown:
            raise BadFieldError(min(unknown))
        return cls(cast("Kind", kind), **values)

    def meets(self, path: str) -> bool:
        return self.path is None or path == self.path

    @property
    def replaces(self) -> bool:
        return self.kind in get_args(Before)


def _fits(value: object, default: object) -> bool:
    if isinstance(default, bool):
        return isinstance(value, bool)
    if isinstance(default, int | float):
        whole = isinstance(value, int) or isinstance(default, float)
        return isinstance(value, int | float) and whole and value >= 0
    return isinstance(value, str) or value is default


@dataclass(slots=True)
class FaultPlan:
    _faults: list[Fault] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def plant(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def meet(self, path: str) -> Fault | None:
        """The fault for this request, if any; a fault that is used up is removed."""
        with self._lock:
            for fault in self._faults:
                if not fault.meets(path):
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
                return fault
        return None
