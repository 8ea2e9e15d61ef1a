"""The gate in front of PagerDuty: one budget and one circuit breaker per connection."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer's ``ratelimit-*`` headers say; ``reset`` in seconds from now."""

    limit: int
    remaining: int
    reset: float


class Gate(Protocol):
    """Shared by everyone who asks with the token of one connection; safe in several threads.

    Each request that was admitted is settled once, by one of the other four.
    """

    def admit(self, bucket: str) -> float:
        """0.0: the request may leave now, and is counted; else seconds to wait before asking again.

        Raises CircuitOpen while PagerDuty is given time to recover.
        """

    def answered(self, bucket: str, told: Told | None) -> None:
        """PagerDuty answered, whatever the status, other than 408, 429 and 5xx."""

    def limited(self, bucket: str, told: Told | None) -> None:
        """429, with or without headers."""

    def failed(self, bucket: str) -> None:
        """408, 5xx, a reset, a time-out: one failure of the connection's row."""

    def unused(self, bucket: str) -> None:
        """The admitted request never left."""


class Admission:
    """One request that may leave; settled by at most one of its verbs."""

    def __init__(self, gate: Gate, bucket: str) -> None:
        self._gate = gate
        self._bucket = bucket
        self.settled = False
        self.heard = False
        """Whether a status came: then the request has left, whatever stops the reading of it."""

    def answered(self, told: Told | None) -> None:
        """See ``Gate.answered``."""
        self._settle(lambda: self._gate.answered(self._bucket, told))

    def limited(self, told: Told | None) -> None:
        """See ``Gate.limited``."""
        self._settle(lambda: self._gate.limited(self._bucket, told))

    def failed(self) -> None:
        """See ``Gate.failed``."""
        self._settle(lambda: self._gate.failed(self._bucket))

    def _settle(self, tell: Callable[[], None]) -> None:
        self.settled = True
        tell()


@contextmanager
def admitted(gate: Gate, bucket: str) -> Iterator[Admission]:
    """An admission that is given back if nobody settles it."""
    admission = Admission(gate, bucket)
    try:
        yield admission
    finally:
        if not admission.settled and admission.heard:
            gate.answered(bucket, None)
        elif not admission.settled:
            gate.unused(bucket)
