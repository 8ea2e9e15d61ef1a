"""Incidents, their log, on-calls, change events and paused alerts: what has a time."""

from flask import Response, request

from sandbox import instants
from sandbox.account.listing import Json, Shape
from sandbox.errors import BAD_REQUEST, RefusalError
from sandbox.rest import query, windows
from sandbox.rest.paging import Style, caller, need, page, page_of, response
from sandbox.state import current

_SORT = "created_at:asc"
_BARE = Style(bare=True)


def incidents() -> Response:
    if request.args.get("sort_by", _SORT) != _SORT:
        raise RefusalError(BAD_REQUEST, 2001, f"Only sort_by={_SORT} is served here.")
    window = windows.incidents(request.args, current().account.as_of)
    return page("incidents", Shape(), window)


def log_entries() -> Response:
    return page("log_entries", Shape(), windows.log_entries(request.args))


def oncalls() -> Response:
    account = current().account
    shape = Shape(zone=query.zone(request.args))
    return page_of(account.oncalls(), shape, windows.oncalls(request.args, account.as_of))


def change_events() -> Response:
    """The envelope has limit and offset only if the total is requested."""
    listing = current().account.listings["change_events"]
    return page_of(listing, Shape(), windows.change_events(request.args), style=_BARE)


def paused_counts() -> Response:
    """About one incident in seven was delayed first, two in three of them for good."""
    need("auto_pause_notifications")
    account = current().account
    window = windows.paused(request.args, account.as_of)
    seen = account.listings["incidents"].select(sees_private=caller().sees_private, window=window)
    paused = len(seen) // 7
    triggered = paused // 3
    counts: Json = {
        "since": instants.show(window[0]),
        "until": instants.show(window[1]),
        "paused_count": paused,
        "triggered_after_pause_count": triggered,
        "resolved_after_pause_count": paused - triggered,
    }
    return response({"paused_incident_reporting_counts": counts}, 1)
