"""Shift-based schedules below `/v3`: ids in the list, everything else one by one."""

from flask import Response, request

from sandbox.account.listing import Shape
from sandbox.errors import BAD_REQUEST, NOT_FOUND, RefusalError
from sandbox.rest import query, windows
from sandbox.rest.paging import Style, caller, page_of, single
from sandbox.state import current

_LIST = Style(key="schedules", default=100, most=1000)


def schedules() -> Response:
    """A limit beyond 1000 is refused, unlike that of the older lists."""
    if query.whole(request.args, "limit", _LIST.default, 1) > _LIST.most:
        raise RefusalError(BAD_REQUEST, 2001, "limit must be at most 1000.", field="limit")
    return page_of(current().account.listings["schedules_v3"], Shape(), style=_LIST)


def schedule(schedule_id: str) -> Response:
    _must_be_ours(schedule_id)
    shape = Shape(
        frozenset(request.args.getlist("include[]")),
        windows.rendering(request.args),
        query.zone(request.args),
        detail=True,
    )
    return single(current().account.listings["schedules_v3"], schedule_id, "schedule", shape)


def _must_be_ours(schedule_id: str) -> None:
    """Raises RefusalError 400 for a layer-based schedule, 404 for none at all."""
    listings, sees = current().account.listings, caller().sees_private
    if listings["schedules"].find(schedule_id, sees_private=sees) is not None:
        raise RefusalError(BAD_REQUEST, 2001, "That schedule is layer-based.", field="schedule.id")
    if listings["schedules_v3"].find(schedule_id, sees_private=sees) is None:
        raise RefusalError(NOT_FOUND, 2100, "There is no such schedule.", field="schedule.id")
