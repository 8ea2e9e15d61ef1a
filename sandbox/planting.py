"""Answers of a proof: besides what PagerDuty sends they carry everything that must not be kept.

Each object gets a key, a text, a number and a moment that nobody declared; numbers and moments
that Tacit has no use for become odd ones; now and then a word of a closed list is one that no
list has. Headers, cookies and the reason phrase carry canaries too.
"""

import re
from dataclasses import dataclass, field

import msgspec
from flask import Response

from sandbox.canaries import NUMBERS, Mint, token
from sandbox.not_kept import NOT_KEPT

_WORDS = frozenset(
    {
        "/incidents/*/urgency",
        "/incidents/*/resolve_reason/type",
        "/incidents/*/acknowledgements/*/acknowledger/type",
        "/incidents/*/incidents_responders/*/state",
        "/log_entries/*/type",
        "/log_entries/*/agent/type",
        "/log_entries/*/channel/type",
        "/log_entries/*/channel/notification/type",
        "/services/*/status",
        "/schedules/*/time_zone",
        "/users/*/time_zone",
    }
)
_ABILITIES = "/abilities"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")
_SELDOM = 41
"""One record in so many has words that no list has."""
_FEW = 2
"""So many of the objects in a list within a record get keys that nobody declared."""
_REST_DEPTH = 2


@dataclass(slots=True)
class _Spot:
    """One place of an endpoint's answers; what stands there is always the same."""

    pointer: str
    extra: dict[str, object] = field(default_factory=dict)
    below: dict[str, "_Spot"] = field(default_factory=dict)


class Planter:
    """Paints the answers of one sandbox."""

    def __init__(self, mint: Mint) -> None:
        self.mint = mint
        self._spots: dict[str, _Spot] = {}

    def plant(self, endpoint: str, response: Response) -> None:
        """Everything that can carry something: head and body."""
        self._head(endpoint, response)
        if response.is_streamed or response.mimetype != "application/json":
            return
        data = response.get_data()
        if data:
            spot = self._spots.setdefault(endpoint, self._spot(endpoint, ""))
            body = self._planted(endpoint, spot, msgspec.json.decode(data), depth=0, rare=False)
            response.set_data(msgspec.json.encode(body))

    def leaf(self, endpoint: str, pointer: str) -> str:
        """The canary of one place of an endpoint's answers."""
        return self.mint.leaf("endpoint", endpoint, pointer)

    def _head(self, endpoint: str, response: Response) -> None:
        response.headers["X-Request-Id"] = self.leaf(endpoint, "header/x-request-id")
        response.headers[f"X-{self.leaf(endpoint, 'header/name')}"] = "1"
        response.headers["ETag"] = f'W/"{self.leaf(endpoint, "header/etag")}"'
        response.set_cookie(self.leaf(endpoint, "cookie/name"), self.leaf(endpoint, "cookie"))
        response.status = f"{response.status_code} {self.leaf(endpoint, 'reason')}"
        if response.location:
            separator = "&" if "?" in response.location else "?"
            response.location += f"{separator}trace={self.leaf(endpoint, 'header/location')}"

    def _spot(self, endpoint: str, pointer: str) -> _Spot:
        at = f"{endpoint}{pointer}"
        # Runs differ in how long the same text is, too.
        padding = "x" * (int.from_bytes(self.mint.prefix.encode()) % 97)
        return _Spot(
            pointer,
            {
                self.leaf(endpoint, f"{pointer}/key"): (
                    self.leaf(endpoint, f"{pointer}/value") + padding
                ),
                "odd_number": self.mint.odd_number(at),
                "odd_moment": self.mint.odd_moment(at),
            },
        )

    def _planted(
        self, endpoint: str, spot: _Spot, value: object, *, depth: int, rare: bool
    ) -> object:
        if isinstance(value, dict):
            if depth == _REST_DEPTH:
                rare = _is_rare(value)
            made = {
                key: self._member(endpoint, spot, key, one, depth=depth, rare=rare)
                for key, one in value.items()
            }
            return {**made, **spot.extra} if depth else made
        if isinstance(value, list):
            if spot.pointer == _ABILITIES:
                return [*value, self.leaf(endpoint, f"{_ABILITIES}/-")]
            below = self._below(endpoint, spot, "*")
            plain = _Spot(below.pointer, {}, below.below)
            return [
                self._planted(
                    endpoint,
                    below if n < _FEW or depth < _REST_DEPTH else plain,
                    one,
                    depth=depth + 1,
                    rare=rare,
                )
                for n, one in enumerate(value)
            ]
        return self._odd(endpoint, spot, value) if _is_not_kept(endpoint, spot) else value

    def _member(
        self, endpoint: str, spot: _Spot, key: str, value: object, *, depth: int, rare: bool
    ) -> object:
        below = self._below(endpoint, spot, key)
        if isinstance(value, dict | list):
            return self._planted(endpoint, below, value, depth=depth + 1, rare=rare)
        if _is_not_kept(endpoint, below):
            return self._odd(endpoint, below, value)
        if rare and below.pointer in _WORDS and isinstance(value, str):
            return self.leaf(endpoint, below.pointer)
        return value

    def _odd(self, endpoint: str, spot: _Spot, value: object) -> object:
        if isinstance(value, int) and not isinstance(value, bool):
            return self.mint.number * 10**5 + value % NUMBERS
        if isinstance(value, str):
            moment = _MOMENT.match(value)
            leaf = self.leaf(endpoint, spot.pointer)
            return self.mint.odd_moment(value) if moment else f"{value} {leaf}"
        return value

    def _below(self, endpoint: str, spot: _Spot, key: str) -> _Spot:
        found = spot.below.get(key)
        if found is None:
            # A key that is a canary itself names one object's place: they share one here.
            name = "{key}" if key.startswith(self.mint.prefix) else key
            found = spot.below[key] = self._spot(endpoint, f"{spot.pointer}/{name}")
        return found


def _is_not_kept(endpoint: str, spot: _Spot) -> bool:
    return spot.pointer in NOT_KEPT.get(endpoint, ())


def _is_rare(record: dict[str, object]) -> bool:
    return int.from_bytes(token(str(record.get("id")), 4).encode()) % _SELDOM == 0
