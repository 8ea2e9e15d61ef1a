"""Disconnect from a page: the deletion is promised, or the page says that nothing is promised."""

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


def promises_deletion(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view: each of its 503 responses must say that nothing was promised."""
    view.__dict__["promises_deletion"] = True
    return view


def deletion_requested() -> bool:
    """Whether this request is one for a deletion."""
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method == "POST" and bool(getattr(view, "promises_deletion", False))


def disconnect_now(engagement: Engagement) -> Purge:
    """Close the epoch, commit, then destroy the keys, delete and revoke.

    Raises NotFound, NotPromised, and NotKnown if the response to the commit was lost.
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
    """The purge whose commit failed, if it is stored: only the response may have been lost."""
    purge, known = None, True
    try:
        with db.read() as database:
            purge = database.scalar(select(Purge).where(Purge.handle == handle))
    except DATABASE_UNAVAILABLE:
        known = False
    if purge is None:
        raise NotPromised if known else NotKnown
    return purge
