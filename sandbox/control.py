"""The back door for tests and benchmarks: requests, faults, canaries, counts, changes."""

from flask import Blueprint, Response, current_app, request

from sandbox.account.counting import counts as count
from sandbox.account.editing import Edit
from sandbox.errors import BadFieldError
from sandbox.faults import Fault
from sandbox.state import current

blueprint = Blueprint("control", __name__, url_prefix="/__sandbox")


@blueprint.get("/sent")
def sent() -> Response:
    """Every marker that was sent, a line each; empty unless the sandbox is a proof's."""
    found = current().sent
    lines = b"\n".join(found.all()) if found is not None else b""
    return current_app.response_class(lines, mimetype="text/plain")


@blueprint.get("/requests")
def requests() -> dict[str, object]:
    return current().request_log.as_json()


@blueprint.delete("/requests")
def clear_requests() -> tuple[str, int]:
    current().request_log.clear()
    return "", 204


@blueprint.get("/counts")
def counts() -> dict[str, object]:
    return count(current().account)


@blueprint.post("/faults")
def plant() -> tuple[dict[str, object], int]:
    try:
        fault = Fault.from_json(request.get_json())
    except BadFieldError as error:
        return {"field": error.field}, 400
    current().faults.plant(fault)
    return {"planted": fault.kind}, 201


@blueprint.delete("/faults")
def clear_faults() -> tuple[str, int]:
    current().faults.clear()
    return "", 204


@blueprint.post("/mutate")
def mutate() -> tuple[dict[str, object], int]:
    """Changes the account; the response has the id of the object."""
    try:
        made = current().editor.apply(Edit.from_json(request.get_json()))
    except BadFieldError as error:
        return {"field": error.field}, 400
    return {"id": made}, 201
