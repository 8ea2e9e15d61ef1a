"""Access to pages: every page needs a login unless it is marked as open."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from flask import Flask, current_app, g, redirect, request, session, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.access.sessions import ServerSession
from app.core.errors import BadInput, Busy
from app.extensions import db
from app.models import Firm, Member

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FOREIGN = frozenset({"cross-site", "same-site"})
P = ParamSpec("P")
R = TypeVar("R")


def open_to_all(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that needs no login."""
    view.__dict__["open_to_all"] = True
    return view


def is_open(app: Flask, endpoint: str) -> bool:
    """Whether an endpoint is open without a login."""
    return endpoint == "static" or bool(
        getattr(app.view_functions.get(endpoint), "open_to_all", False)
    )


def log_in(member_id: int) -> None:
    """Begin a member's session under a new number."""
    cast(ServerSession, session).rotate(member_id)


def log_out() -> None:
    """End the session."""
    cast(ServerSession, session).rotate(None)


def unread() -> bool:
    """Whether the session could not be read because the database is unavailable."""
    return cast(ServerSession, session).unread


def signed_in() -> Member | None:
    """The member of this request, if any."""
    member_id = cast(ServerSession, session).member_id
    if member_id is None:
        return None
    if "member" not in g:
        with db.read() as database:
            g.member = database.scalar(
                select(Member)
                .join(Firm, Firm.id == Member.firm_id)
                # A login during the deletion of its firm opens nothing.
                .where(Member.id == member_id, Firm.deleted_at.is_(None))
            )
    found: Member | None = g.member
    return found


def current_member() -> Member:
    """The member of this request, on a page that needs a login."""
    member = signed_in()
    if member is None:
        raise RuntimeError("a closed page was reached without a login")
    return member


def guard() -> Response | None:
    """Before every request: unknown addresses and open pages pass, others need a login."""
    if request.method not in _SAFE and request.headers.get("Sec-Fetch-Site") in _FOREIGN:
        raise BadInput("This form was sent from another site", "Open the page and send it there.")
    if request.endpoint is None or is_open(current_app, request.endpoint):
        return None
    if unread():
        raise Busy
    if signed_in() is not None:
        return None
    return redirect(url_for("auth.login"), code=303)
