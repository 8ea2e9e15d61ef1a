"""Layer-based schedules, rendered on request."""

from flask import Response, request

from sandbox.account.listing import Shape
from sandbox.account.schedules import RENDERINGS
from sandbox.rest import query, windows
from sandbox.rest.paging import page, single
from sandbox.state import current


def schedules() -> Response:
    includes = RENDERINGS & set(request.args.getlist("include[]"))
    zone = query.zone(request.args)
    return page("schedules", Shape(includes, windows.rendering(request.args), zone))


def schedule(schedule_id: str) -> Response:
    shape = Shape(
        window=windows.rendering(request.args),
        zone=query.zone(request.args),
        detail=True,
    )
    return single(current().account.listings["schedules"], schedule_id, "schedule", shape)
