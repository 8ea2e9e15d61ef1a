"""What the sandbox was asked: the evidence for "nothing but the allow-list is requested"."""

from dataclasses import asdict, dataclass, field
from threading import Lock

_WITHHELD = {"state", "nonce", "code_challenge"}
"""Parameters of the authorize request that are one party's secret while it lasts."""


@dataclass(frozen=True, slots=True)
class Received:
    """One request; `status` 0 is a connection that was reset, `page_size` counts records."""

    n: int
    time: str
    method: str
    path: str
    query: dict[str, list[str]]
    status: int
    page_size: int | None


@dataclass(slots=True)
class Ledger:
    refused: int = 0
    _received: list[Received] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def note(
        self,
        *,
        time: str,
        method: str,
        path: str,
        query: dict[str, list[str]],
        status: int,
        page_size: int | None,
    ) -> None:
        shown = {key: ["…"] if key in _WITHHELD else values for key, values in query.items()}
        with self._lock:
            n = len(self._received) + 1
            self._received.append(Received(n, time, method, path, shown, status, page_size))

    def refuse(self) -> None:
        with self._lock:
            self.refused += 1

    def clear(self) -> None:
        with self._lock:
            self._received.clear()
            self.refused = 0

    def as_json(self) -> dict[str, object]:
        with self._lock:
            return {"requests": [asdict(one) for one in self._received], "refused": self.refused}
