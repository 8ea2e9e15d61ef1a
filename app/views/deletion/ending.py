"""Ending a connection from a page: it is promised, or the page says that nothing is."""

from collections.abc import Callable
from dataclasses import replace
from typing import ParamSpec, TypeVar

from flask import current_app, request
from sqlalchemy import select

from app.core.errors import NotKnown, NotPromised
from app.core.logs import Event, event
from app.extensions import db
from app.models import Engagement, Purge
from app.operations.deletion.disconnect import carry_out, disconnect
from app.operations.transactions.failures import DATABASE_UNAVAILABLE

P = ParamSpec("P")
R = TypeVar("R")


def promising(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view whose 503 must say that nothing was promised, wherever it comes from."""
    view.__dict__["promising"] = True
    return view


def promise_was_asked() -> bool:
    """Whether this request is for a view that promises."""
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method == "POST" and bool(getattr(view, "promising", False))


def end_now(engagement: Engagement) -> Purge:
    """Close the epoch, commit, then destroy the keys, delete and revoke.

    Raises NotFound, NotPromised, and NotKnown where the answer to the commit was lost.
    """
    ended, handle, committed = None, "", False
    try:
        with db.write(hurried=True) as database:
            ended = disconnect(database, engagement)
            handle = ended.purge.handle
        committed = True
    except DATABASE_UNAVAILABLE as error:
        event(Event.NOT_PROMISED, error=error, engagement=engagement.handle)
    # Raised after the block: the driver's text may quote values.
    if ended is None:
        raise NotPromised
    if not committed:
        ended = replace(ended, purge=_stored(handle))
    carry_out(ended)
    return ended.purge


def _stored(handle: str) -> Purge:
    """The purge whose commit failed, if it stands all the same: the answer may have been lost."""
    purge, known = None, True
    try:
        with db.read() as database:
            purge = database.scalar(select(Purge).where(Purge.handle == handle))
    except DATABASE_UNAVAILABLE:
        known = False
    if purge is None:
        raise NotPromised if known else NotKnown
    return purge
