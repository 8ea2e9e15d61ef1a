"""The back door for tests and benchmarks: requests received, faults, canaries, counts."""

from collections.abc import Iterator
from itertools import islice

import msgspec
from flask import Blueprint, Flask, Response, current_app, request

from sandbox import instants
from sandbox.account.listing import Shape
from sandbox.canaries import Canary, find
from sandbox.faults import Fault
from sandbox.state import State, current, of

blueprint = Blueprint("control", __name__, url_prefix="/__sandbox")

_EVERYTHING = frozenset({"schedule_layers", "overrides_subschedule", "final_schedule"})
_DAYS = 90
_BATCH = 2_000


def canaries(state: State) -> Iterator[Canary]:
    """Every canary the account can send; schedules as rendered over its last 90 days."""
    window = (state.account.as_of - _DAYS * instants.DAY, state.account.as_of)
    shape = Shape(_EVERYTHING, window)
    yield from state.errors.canaries()
    for person in state.account.authorizers.values():
        yield from find("/users/me", {"user": person.body})
    for name, shelf in state.account.shelves.items():
        for number in range(shelf.listing.size):
            yield from find(f"/{name}", shelf.listing.render(number, shape), f"/{name}/*")


def canaries_of(app: Flask) -> Iterator[Canary]:
    """The same for a test that holds the application itself."""
    return canaries(of(app))


@blueprint.get("/canaries")
def list_canaries() -> Response:
    """Streamed: an account of the reference size plants well over a million."""
    state, endpoint = current(), request.args.get("endpoint")

    def body() -> Iterator[bytes]:
        wanted = (one for one in canaries(state) if endpoint in {None, one.endpoint})
        before = b"["
        while batch := list(islice(wanted, _BATCH)):
            yield before + msgspec.json.encode(batch)[1:-1]
            before = b","
        yield b"[]" if before == b"[" else b"]"

    return current_app.response_class(body(), mimetype="application/json")


@blueprint.get("/requests")
def requests() -> dict[str, object]:
    return current().ledger.as_json()


@blueprint.delete("/requests")
def forget_requests() -> tuple[str, int]:
    current().ledger.clear()
    return "", 204


@blueprint.get("/counts")
def counts() -> dict[str, object]:
    return current().account.counts()


@blueprint.post("/faults")
def plant() -> tuple[dict[str, object], int]:
    try:
        fault = Fault.from_json(request.get_json())
    except ValueError as error:
        return {"field": str(error)}, 400
    current().faults.plant(fault)
    return {"planted": fault.kind}, 201


@blueprint.delete("/faults")
def clear_faults() -> tuple[str, int]:
    current().faults.clear()
    return "", 204
