"""The REST endpoints: GET only, paged, filtered, shaped by the caller's rights."""

from collections.abc import Mapping

import msgspec
from flask import Blueprint, Response, current_app, g, request

from sandbox.account.listing import Json, Shape, Window
from sandbox.errors import BAD_REQUEST, RefusalError
from sandbox.rest import query
from sandbox.rest.caller import Caller
from sandbox.state import current

blueprint = Blueprint("rest", __name__)

PAYMENT_REQUIRED = 402
_NEEDS_ABILITY = {"team_ids[]": "teams", "urgencies[]": "urgencies"}
_RENDERINGS = frozenset({"schedule_layers", "overrides_subschedule", "final_schedule"})
_SORTABLE = {"created_at", "incident_number"}


def _answer(body: Json, page_size: int | None = None) -> Response:
    g.page_size = page_size
    return current_app.response_class(msgspec.json.encode(body), mimetype="application/json")


def _filters(facets: Mapping[str, object]) -> dict[str, frozenset[str]]:
    """Raises RefusalError 402 for a filter on something the account does not have."""
    for key, ability in _NEEDS_ABILITY.items():
        if key in request.args and ability in current().settings.absent_abilities:
            raise RefusalError(PAYMENT_REQUIRED, 2014, f"The account lacks {ability}.")
    return {key: frozenset(request.args.getlist(key)) for key in facets if key in request.args}


def _page(name: str, shape: Shape, window: Window | None, *, backwards: bool = False) -> Response:
    caller: Caller = g.caller
    shelf = current().account.shelves[name]
    limit, offset = query.page_bounds(request.args)
    chosen = shelf.select(
        sees_private=caller.sees_private, window=window, filters=_filters(shelf.listing.facets)
    )
    if backwards:
        chosen = chosen[::-1]
    rows = [shelf.listing.render(n, shape) for n in chosen[offset : offset + limit]]
    body: Json = {
        name: rows,
        "limit": limit,
        "offset": offset,
        "more": offset + len(rows) < len(chosen),
        "total": len(chosen) if request.args.get("total") == "true" else None,
    }
    return _answer(body, len(rows))


@blueprint.get("/users/me")
def me() -> Response:
    caller: Caller = g.caller
    if caller.person is None:
        raise RefusalError(BAD_REQUEST, 2001, "This endpoint needs a user's token.")
    return _answer({"user": caller.person.body}, 1)


@blueprint.get("/abilities")
def abilities() -> Response:
    state = current()
    absent = state.settings.absent_abilities
    here = [one for one in state.account.abilities if one not in absent]
    return _answer({"abilities": here}, len(here))


@blueprint.get("/services")
def services() -> Response:
    return _page("services", Shape(), None)


@blueprint.get("/escalation_policies")
def escalation_policies() -> Response:
    return _page("escalation_policies", Shape(), None)


@blueprint.get("/schedules")
def schedules() -> Response:
    includes = _RENDERINGS & set(request.args.getlist("include[]"))
    window = query.rendering_window(request.args)
    return _page("schedules", Shape(includes, window, query.zone(request.args)), None)


@blueprint.get("/incidents")
def incidents() -> Response:
    field, _, direction = request.args.get("sort_by", "created_at").partition(":")
    if field not in _SORTABLE:
        raise RefusalError(BAD_REQUEST, 2001, "sort_by is not one of those served here.")
    window = query.incident_window(request.args, current().account.as_of)
    return _page("incidents", Shape(), window, backwards=direction == "desc")


@blueprint.get("/log_entries")
def log_entries() -> Response:
    return _page("log_entries", Shape(), query.log_window(request.args))
