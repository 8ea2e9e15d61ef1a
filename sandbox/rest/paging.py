"""A page of a collection, filtered and shaped by the caller's rights."""

from dataclasses import dataclass

import msgspec
from flask import Response, current_app, g, request

from sandbox.account.listing import Json, Shape, Window
from sandbox.account.live_listing import LiveListing
from sandbox.errors import NOT_FOUND, PAYMENT_REQUIRED, RefusalError
from sandbox.rest import query
from sandbox.rest.caller import Caller
from sandbox.state import current


@dataclass(frozen=True, slots=True)
class Style:
    """How an endpoint pages: the key of its rows, its limits, the keys of its envelope."""

    key: str = ""
    default: int = query.DEFAULT_LIMIT
    most: int = query.MAXIMUM_LIMIT
    bare: bool = False


CLASSIC = Style()


def caller() -> Caller:
    found: Caller = g.caller
    return found


def response(body: Json, page_size: int | None = None) -> Response:
    g.page_size = page_size
    return current_app.response_class(msgspec.json.encode(body), mimetype="application/json")


def need(ability: str) -> None:
    """Raises RefusalError 402 where the account's plan has it not."""
    if ability not in current().account.abilities:
        raise RefusalError(PAYMENT_REQUIRED, 2014, f"The account lacks {ability}.")


def page(name: str, shape: Shape, window: Window | None = None) -> Response:
    return page_of(current().account.listings[name], shape, window)


def page_of(
    listing: LiveListing,
    shape: Shape,
    window: Window | None = None,
    *,
    style: Style = CLASSIC,
) -> Response:
    limit, offset = query.page_bounds(request.args, style.default, style.most)
    chosen = listing.select(sees_private=caller().sees_private, window=window)
    rows = [listing.render(n, shape) for n in chosen[offset : offset + limit]]
    body = envelope(style.key or listing.base.name, rows, (limit, offset, len(chosen)))
    if style.bare and not query.flag(request.args, "total"):
        body.update(limit=None, offset=None)
    return response(body, len(rows))


def envelope(key: str, rows: list[Json], position: tuple[int, int, int]) -> Json:
    """`position` is limit, offset and total; the envelope has the total only if it is requested."""
    limit, offset, size = position
    return {
        key: rows,
        "limit": limit,
        "offset": offset,
        "more": offset + len(rows) < size,
        "total": size if query.flag(request.args, "total") else None,
    }


def single(listing: LiveListing, object_id: str, key: str, shape: Shape) -> Response:
    """Raises RefusalError 404 for an unknown id, and for one that the caller may not see."""
    position = listing.find(object_id, sees_private=caller().sees_private)
    if position is None:
        raise RefusalError(NOT_FOUND, 2100, "There is none with that id.", field="id")
    return response({key: listing.render(position, shape)}, 1)
