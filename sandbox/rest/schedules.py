"""Layer-based schedules, rendered on request, and their overrides."""

from collections.abc import Sequence

from flask import Response, request

from sandbox import instants
from sandbox.account.account import Stretch
from sandbox.account.listing import Json, Shape, Window
from sandbox.account.schedules import RENDERINGS
from sandbox.errors import BAD_REQUEST, NOT_FOUND, RefusalError
from sandbox.rest import query, windows
from sandbox.rest.paging import answer, caller, page, single
from sandbox.state import current

CREATED = 201


def schedules() -> Response:
    includes = RENDERINGS & set(request.args.getlist("include[]"))
    zone = query.zone(request.args)
    return page("schedules", Shape(includes, windows.rendering(request.args), zone))


def schedule(schedule_id: str) -> Response:
    shape = Shape(
        window=windows.rendering(request.args),
        zone=query.zone(request.args),
        overflow=query.flag(request.args, "overflow"),
        detail=True,
    )
    return single(current().account.listings["schedules"], schedule_id, "schedule", shape)


def overrides(schedule_id: str) -> Response:
    """Answers 201, as the document says."""
    account = current().account
    window = windows.required(request.args, _missing)
    seen = account.listings["schedules"].find(schedule_id, sees_private=caller().sees_private)
    if seen is None:
        raise RefusalError(NOT_FOUND, 2100, "There is no such schedule.")
    rows = within(account.overrides.get(schedule_id, ()), window)
    return answer({"overrides": rows}, len(rows), CREATED)


def _missing(name: str) -> RefusalError:
    return RefusalError(BAD_REQUEST, 2001, f"{name} is required.")


def within(stretches: Sequence[Stretch], window: Window) -> list[Json]:
    """Those that touch the window, cut at its bounds unless `overflow` was asked for."""
    whole = query.flag(request.args, "overflow")
    found = []
    for one in stretches:
        if one.start >= window[1] or one.end <= window[0]:
            continue
        body = dict(one.body)
        if not whole and one.start < window[0]:
            body[one.keys[0]] = instants.show(window[0])
        if not whole and one.end > window[1]:
            body[one.keys[1]] = instants.show(window[1])
        found.append(body)
    return found
