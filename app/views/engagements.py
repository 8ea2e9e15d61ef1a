"""Engagements: the list, a new one, and the pages of one that are not its assessment."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access import current_member, signed_in
from app.errors import BadInput
from app.extensions import db, queues
from app.logs import Event, event
from app.models import Engagement
from app.operations import read
from app.operations.engage import open_engagement
from app.operations.resume import resume
from app.operations.status import connection_status
from app.views import frame as around
from app.views.assessed import escalation_page, oncall_page, overview_page, response_page
from app.views.engagement_form import EngagementForm

blueprint = Blueprint("engagements", __name__, url_prefix="/engagements")


def firm_engagements() -> list[Engagement]:
    """For the switcher of every page; nothing without a login."""
    member = signed_in()
    if member is None:
        return []
    with db.read() as session:
        return read.engagements(session, member.firm_id)


@blueprint.app_context_processor
def _switcher() -> dict[str, Any]:
    return {"firm_engagements": firm_engagements}


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The firm's engagements, newest first."""
    with db.read() as session:
        rows = [
            {
                "handle": each.handle,
                "client_name": each.client_name,
                "subdomain": each.subdomain,
                "window": around.typed_window(each),
                "state": connection_status(session, each).state,
            }
            for each in read.engagements(session, current_member().firm_id)
        ]
    return render_template("engagements/index.html", rows=rows, states=around.STATES)


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Open an engagement; then connect."""
    form = EngagementForm()
    if not form.validate_on_submit():
        page = render_template("engagements/new.html", form=form, message="")
        return page, 400 if form.errors else 200
    since, until = form.window()
    try:
        with db.write() as session:
            handle = open_engagement(
                session,
                firm_id=current_member().firm_id,
                client_name=form.client_name.data,
                subdomain=form.subdomain.data,
                since=since,
                until=until,
                time_zone=form.time_zone.data,
            ).handle
    except BadInput as error:
        message = f"{error.title}. {error.remedy}"
        return render_template("engagements/new.html", form=form, message=message), error.status
    event(Event.ENGAGEMENT_OPENED, engagement=handle)
    return redirect(url_for("engagements.integrations", handle=handle), code=303)


@blueprint.get("/<handle>")
def overview(handle: str) -> ResponseReturnValue:
    """The assessment at a glance."""
    return render_template("engagements/overview.html", **_assessed(handle, overview_page))


@blueprint.get("/<handle>/response")
def response(handle: str) -> ResponseReturnValue:
    """Volume, acknowledgement and resolution (INC)."""
    return render_template("engagements/response.html", **_assessed(handle, response_page))


@blueprint.get("/<handle>/escalation")
def escalation(handle: str) -> ResponseReturnValue:
    """How far pages have to climb (ESC)."""
    return render_template("engagements/escalation.html", **_assessed(handle, escalation_page))


@blueprint.get("/<handle>/on-call")
def oncall(handle: str) -> ResponseReturnValue:
    """Coverage per schedule (ONC-09)."""
    return render_template("engagements/oncall.html", **_assessed(handle, oncall_page))


@blueprint.get("/<handle>/integrations")
def integrations(handle: str) -> ResponseReturnValue:
    """The PagerDuty card in its page."""
    return render_template("engagements/integrations.html", **_card(handle))


@blueprint.get("/<handle>/card")
def card(handle: str) -> ResponseReturnValue:
    """The card alone, asked every second while something moves."""
    return render_template("engagements/card.html", **_card(handle))


def _card(handle: str) -> dict[str, Any]:
    with db.read() as session:
        engagement = read.engagement(session, current_member().firm_id, handle)
        status = connection_status(session, engagement)
        head = around.frame(engagement, status, read.latest_assessment(session, engagement))
    return {"frame": head, **around.card(engagement, status)}


@blueprint.post("/<handle>/collect")
def collect_again(handle: str) -> ResponseReturnValue:
    """Continue a failed collection from its last page, or a failed assessment."""
    with db.write() as session:
        engagement = read.engagement(session, current_member().firm_id, handle)
        due = resume(session, engagement)
    if due is not None:
        queues.enqueue(*due)
    return redirect(url_for("engagements.integrations", handle=handle), code=303)


@blueprint.get("/<handle>/receipts/<purge_handle>")
def receipt(handle: str, purge_handle: str) -> ResponseReturnValue:
    """What a deletion removed, and when."""
    with db.read() as session:
        engagement = read.engagement(session, current_member().firm_id, handle)
        purge = read.receipt(session, engagement, purge_handle)
    return render_template("engagements/receipt.html", engagement=engagement, purge=purge)


def _assessed(handle: str, page: Any) -> dict[str, Any]:
    with db.read() as session:
        engagement = read.engagement(session, current_member().firm_id, handle)
        status = connection_status(session, engagement)
        assessment = read.latest_assessment(session, engagement)
        head = around.frame(engagement, status, assessment)
    document = assessment.document if assessment else None
    content = page(document) if document else {"charts": []}
    return {
        "engagement": engagement,
        "status": status,
        "frame": head,
        "document": document,
        **content,
    }
