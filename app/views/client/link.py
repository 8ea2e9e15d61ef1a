"""The client's link: the consultant makes and revokes it."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import current_member
from app.core.logs import Event, event
from app.extensions import bound, db
from app.operations.accounts.engagements import find_engagement
from app.operations.client import link as client_link

blueprint = Blueprint("client_links", __name__, url_prefix="/engagements")


@blueprint.post("/<handle>/client-link")
def new(handle: str) -> ResponseReturnValue:
    """A new link, shown on this page and never again; it replaces the one before."""
    with db.write() as session:
        engagement = find_engagement(session, current_member().firm_id, handle)
        secret = client_link.make(session, engagement)
    event(Event.CLIENT_LINK_MADE, engagement=engagement.handle)
    link = f"{bound.config.base_url}{url_for('client.page', secret=secret)}"
    return render_template("client/link_new.html", engagement=engagement, link=link)


@blueprint.post("/<handle>/client-link/revoke")
def revoke(handle: str) -> ResponseReturnValue:
    """The link opens nothing from now on."""
    with db.write() as session:
        engagement = find_engagement(session, current_member().firm_id, handle)
        client_link.revoke(session, engagement)
    event(Event.CLIENT_LINK_REVOKED, engagement=engagement.handle)
    return redirect(url_for("integrations.page", handle=handle), code=303)
