"""Requests that the sandbox received: evidence for "nothing but the allow-list is requested"."""

import hashlib
from collections import Counter
from dataclasses import asdict, dataclass, field
from threading import Lock

_WITHHELD = {"state", "nonce", "code_challenge"}
"""Parameters of the authorize request that are one party's secret while it lasts."""


@dataclass(frozen=True, slots=True)
class Received:
    """One request; `status` 0 is a connection that was reset, `page_size` counts records.

    `template` is the path as in the document (`/teams/{id}/members`).
    """

    n: int
    time: str
    method: str
    path: str
    template: str
    query: dict[str, list[str]]
    status: int
    page_size: int | None
    bearer: str
    """The token it was sent with, as 8 digits of a SHA-256; "" where none is needed."""


@dataclass(slots=True)
class RequestLog:
    """`enter` and `leave` bracket a REST request; the most at once are counted by token."""

    refused: int = 0
    _received: list[Received] = field(default_factory=list)
    _under_way: Counter[str] = field(default_factory=Counter)
    _most: dict[str, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def note(
        self,
        *,
        time: str,
        method: str,
        path: str,
        template: str,
        query: dict[str, list[str]],
        status: int,
        page_size: int | None,
        token: str,
    ) -> None:
        shown = {key: ["…"] if key in _WITHHELD else values for key, values in query.items()}
        bearer = hashlib.sha256(token.encode()).hexdigest()[:8] if token else ""
        with self._lock:
            n = len(self._received) + 1
            self._received.append(
                Received(
                    n=n,
                    time=time,
                    method=method,
                    path=path,
                    template=template,
                    query=shown,
                    status=status,
                    page_size=page_size,
                    bearer=bearer,
                )
            )

    def enter(self, token: str) -> None:
        with self._lock:
            self._under_way[token] += 1
            self._most[token] = max(self._most.get(token, 0), self._under_way[token])

    def leave(self, token: str) -> None:
        with self._lock:
            self._under_way[token] -= 1

    def refuse(self) -> None:
        with self._lock:
            self.refused += 1

    def clear(self) -> None:
        with self._lock:
            self._received.clear()
            self._most.clear()
            self.refused = 0

    def as_json(self) -> dict[str, object]:
        """`max_in_flight` is the most that any one token had under way at once."""
        with self._lock:
            return {
                "requests": [asdict(one) for one in self._received],
                "refused": self.refused,
                "by_path": Counter(one.template for one in self._received),
                "max_in_flight": max(self._most.values(), default=0),
            }
