"""Every canary that an account can send, by walking through all that it can be asked for."""

from collections.abc import Iterator, Mapping, Sequence

from sandbox import instants
from sandbox.account.account import Account, Stretch
from sandbox.account.listing import Json, Shape
from sandbox.account.policies import STRATEGIES
from sandbox.account.schedules import RENDERINGS
from sandbox.account.services import AUTO_PAUSE
from sandbox.canaries import Canary, find
from sandbox.state import State

_EVERYTHING = RENDERINGS | {STRATEGIES, AUTO_PAUSE}
_BEHIND = 90 * instants.DAY
_AHEAD = 14 * instants.DAY
_PATHS = {"schedules_v3": ("/v3/schedules", "schedules")}


def canaries(state: State) -> Iterator[Canary]:
    """Schedules as rendered from 90 days before the end of the account to 14 days after."""
    account = state.account
    window = account.as_of - _BEHIND, account.as_of + _AHEAD
    shape = Shape(_EVERYTHING, window)
    yield from state.errors.canaries()
    for person in account.authorizers.values():
        yield from find("/users/me", {"user": person.body})
    for name, shelf in account.shelves.items():
        path, key = _PATHS.get(name, (f"/{name}", name))
        for number in shelf.select(sees_private=True):
            yield from find(path, shelf.render(number, shape), f"/{key}/*")
    alone = Shape(_EVERYTHING, window, detail=True)
    shelf = account.shelves["schedules_v3"]
    for number in shelf.select(sees_private=True):
        yield from find("/v3/schedules/{id}", shelf.render(number, alone), "/schedule")
    oncalls = account.oncalls()
    for number in oncalls.select(sees_private=True):
        yield from find("/oncalls", oncalls.render(number, Shape()), "/oncalls/*")
    yield from _below(account)


def _below(account: Account) -> Iterator[Canary]:
    """What hangs below a single team or schedule."""
    for rows in account.members.values():
        yield from find("/teams/{id}/members", {"members": rows})
    parts = {
        "/schedules/{id}/overrides": account.overrides,
        "/v3/schedules/{id}/overrides": account.shift_overrides,
        "/v3/schedules/{id}/custom_shifts": account.custom_shifts,
    }
    for path, stretches in parts.items():
        for body in _bodies(stretches):
            yield from find(path, body, f"/{path.rsplit('/', 1)[1]}/*")


def _bodies(stretches: Mapping[str, Sequence[Stretch]]) -> Iterator[Json]:
    for rows in stretches.values():
        yield from (one.body for one in rows)
