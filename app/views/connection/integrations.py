"""The Integrations page of an engagement: the PagerDuty card and its refreshes."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import current_member
from app.extensions import db, queues
from app.operations.accounts.engagements import find_engagement
from app.operations.assessments import read
from app.operations.client import link as client_link
from app.operations.collection.refresh import refresh, set_refresh
from app.operations.collection.resume import resume
from app.operations.connection.status import connection_status
from app.queues import Job
from app.views.assessments.page_header import page_header
from app.views.connection.connection_card import connection_card

blueprint = Blueprint("integrations", __name__, url_prefix="/engagements")


@blueprint.get("/<handle>/integrations")
def page(handle: str) -> ResponseReturnValue:
    """The PagerDuty card, the dates of deletion and the client's link."""
    return render_template("connection/integrations.html", **_context(handle))


@blueprint.get("/<handle>/card")
def card(handle: str) -> ResponseReturnValue:
    """The card alone: the page polls it every second while something moves."""
    return render_template("connection/card.html", **_context(handle))


def _context(handle: str) -> dict[str, Any]:
    with db.read() as session:
        engagement = find_engagement(session, current_member().firm_id, handle)
        status = connection_status(session, engagement)
        header = page_header(engagement, status, read.latest_assessment(session, engagement))
        link = client_link.standing(session, engagement)
    return {"header": header, "client_link": link, **connection_card(engagement, status)}


@blueprint.post("/<handle>/collect")
def collect(handle: str) -> ResponseReturnValue:
    """Continue a failed collection where it stopped; without one, refresh."""
    with db.write() as session:
        engagement = find_engagement(session, current_member().firm_id, handle)
        due = resume(session, engagement)
        run = None if due else refresh(session, engagement)
        if run is not None:
            due = Job.COLLECT, run.handle
    if due is not None:
        queues.enqueue(*due)
    return redirect(url_for("integrations.page", handle=handle), code=303)


@blueprint.post("/<handle>/refresh")
def set_rhythm(handle: str) -> ResponseReturnValue:
    """How often to refresh from now on."""
    with db.write() as session:
        engagement = find_engagement(session, current_member().firm_id, handle)
        set_refresh(engagement, request.form.get("rhythm", ""))
    return redirect(url_for("integrations.page", handle=handle), code=303)
