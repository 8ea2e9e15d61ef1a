"""Services, policies, teams, people and what else is configured."""

from flask import Response, request

from sandbox.account.listing import Shape
from sandbox.errors import BAD_REQUEST, NOT_FOUND, RefusalError
from sandbox.rest.paging import caller, envelope, need, page, response
from sandbox.rest.query import page_bounds
from sandbox.state import current


def _shape() -> Shape:
    return Shape(frozenset(request.args.getlist("include[]")))


def me() -> Response:
    person = caller().person
    if person is None:
        raise RefusalError(BAD_REQUEST, 2001, "This endpoint needs a user's token.")
    return response({"user": person.body}, 1)


def abilities() -> Response:
    here = list(current().account.abilities)
    return response({"abilities": here}, len(here))


def services() -> Response:
    return page("services", _shape())


def escalation_policies() -> Response:
    return page("escalation_policies", _shape())


def priorities() -> Response:
    need("priorities")
    return page("priorities", Shape())


def users() -> Response:
    return page("users", Shape())


def teams() -> Response:
    need("teams")
    return page("teams", Shape())


def team_members(team_id: str) -> Response:
    """Raises RefusalError 404 for a team that the caller may not see."""
    need("teams")
    account = current().account
    found = account.listings["teams"].find(team_id, sees_private=caller().sees_private)
    if found is None:
        raise RefusalError(NOT_FOUND, 2100, "There is no such team.")
    limit, offset = page_bounds(request.args)
    everybody = account.members.get(team_id, ())
    rows = list(everybody[offset : offset + limit])
    return response(envelope("members", rows, (limit, offset, len(everybody))), len(rows))


def business_services() -> Response:
    return page("business_services", Shape())


def maintenance_windows() -> Response:
    if request.args.get("filter", "all") != "all":
        raise RefusalError(BAD_REQUEST, 2001, "Only filter=all is served here.")
    return page("maintenance_windows", Shape())
