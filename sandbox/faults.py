"""Faults planted by a test: the next requests meet a 429, a 5xx or a dead connection."""

from dataclasses import dataclass, field
from threading import Lock
from typing import Literal, cast, get_args

Kind = Literal["429", "5xx", "reset"]
SERVER_ERROR = 500


@dataclass(slots=True)
class Fault:
    """`path` None is any path, `after` requests pass first, then `times` requests meet it.

    A 429 without `headers` has no body either, as PagerDuty's sometimes have not.
    """

    kind: Kind
    path: str | None = None
    after: int = 0
    times: int = 1
    headers: bool = True
    status: int = SERVER_ERROR
    reset_seconds: int = 1

    @classmethod
    def from_json(cls, body: dict[str, object]) -> "Fault":
        """Raises ValueError, naming the field, for anything but the fields above."""
        kind = str(body.get("kind"))
        if kind not in get_args(Kind):
            raise ValueError("kind")
        path = body.get("path")
        if path is not None and not isinstance(path, str):
            raise ValueError("path")
        numbers = {"after": 0, "times": 1, "status": SERVER_ERROR, "reset_seconds": 1}
        for name, default in numbers.items():
            value = body.get(name, default)
            if not isinstance(value, int) or value < 0:
                raise ValueError(name)
            numbers[name] = value
        return cls(cast("Kind", kind), path, headers=bool(body.get("headers", True)), **numbers)


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
        """The fault this request meets, if any; a fault that is used up goes away."""
        with self._lock:
            for fault in self._faults:
                if fault.path not in {None, path}:
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
                return fault
        return None
