"""Engagements: the list, a new one, and the pages of one that are not its assessment."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.access.guard import current_member, signed_in
from app.core.errors import BadInput
from app.core.logs import Event, event
from app.extensions import db, queues
from app.models import Engagement
from app.operations.accounts.engagements import find_engagement, list_engagements, open_engagement
from app.operations.assessments import read
from app.operations.client import link as client_link
from app.operations.collection.refresh import refresh, set_refresh
from app.operations.collection.resume import resume
from app.operations.connection.status import connection_status
from app.operations.runs.certificate import certificate
from app.operations.runs.runs import latest_run
from app.operations.transactions.fence import open_epoch
from app.queues import Job
from app.reports.overview import overview_page
from app.reports.wording.resource_names import resource_name
from app.views.accounts.engagement_form import EngagementForm
from app.views.assessments import frame as around
from app.views.assessments.assessed import assessed, chosen
from app.views.assessments.completeness import completeness_page
from app.views.connection.card import card as card_of

blueprint = Blueprint("engagements", __name__, url_prefix="/engagements")
blueprint.add_app_template_filter(resource_name)


def firm_engagements() -> list[Engagement]:
    """For the switcher of every page; nothing without a login."""
    member = signed_in()
    if member is None:
        return []
    with db.read() as session:
        return list_engagements(session, member.firm_id)


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
            for each in list_engagements(session, current_member().firm_id)
        ]
    return render_template("accounts/engagements.html", rows=rows, states=around.STATES)


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Open an engagement; then connect."""
    form = EngagementForm()
    if not form.validate_on_submit():
        page = render_template("accounts/engagement_new.html", form=form, message="")
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
        return render_template(
            "accounts/engagement_new.html", form=form, message=message
        ), error.status
    event(Event.ENGAGEMENT_OPENED, engagement=handle)
    return redirect(url_for("engagements.integrations", handle=handle), code=303)


@blueprint.get("/<handle>")
def overview(handle: str) -> ResponseReturnValue:
    """The assessment at a glance."""
    return render_template("assessments/overview.html", **assessed(handle, overview_page))


@blueprint.get("/<handle>/integrations")
def integrations(handle: str) -> ResponseReturnValue:
    """The PagerDuty card in its page."""
    return render_template("connection/integrations.html", **_card(handle))


@blueprint.get("/<handle>/card")
def card(handle: str) -> ResponseReturnValue:
    """The card alone, asked every second while something moves."""
    return render_template("connection/card.html", **_card(handle))


def _card(handle: str) -> dict[str, Any]:
    with db.read() as session:
        engagement = find_engagement(session, current_member().firm_id, handle)
        status = connection_status(session, engagement)
        head = around.frame(engagement, status, read.latest_assessment(session, engagement))
        link = client_link.standing(session, engagement)
    return {"frame": head, "client_link": link, **card_of(engagement, status)}


@blueprint.post("/<handle>/collect")
def collect_again(handle: str) -> ResponseReturnValue:
    """Continue what failed from where it stopped; where nothing did, refresh."""
    with db.write() as session:
        engagement = find_engagement(session, current_member().firm_id, handle)
        due = resume(session, engagement)
        run = None if due else refresh(session, engagement)
        if run is not None:
            due = Job.COLLECT, run.handle
    if due is not None:
        queues.enqueue(*due)
    return redirect(url_for("engagements.integrations", handle=handle), code=303)


@blueprint.post("/<handle>/refresh")
def rhythm(handle: str) -> ResponseReturnValue:
    """How often to refresh from now on."""
    with db.write() as session:
        engagement = find_engagement(session, current_member().firm_id, handle)
        set_refresh(engagement, request.form.get("rhythm", ""))
    return redirect(url_for("engagements.integrations", handle=handle), code=303)


@blueprint.get("/<handle>/completeness")
def completeness(handle: str) -> ResponseReturnValue:
    """The certificate of what the figures rest on; before there are any, of the collection."""
    with db.read() as session:
        engagement = find_engagement(session, current_member().firm_id, handle)
        status = connection_status(session, engagement)
        assessment = chosen(session, engagement)
        found = assessment.document if assessment else _unassessed(session, engagement)
        head = around.frame(engagement, status, assessment)
    return render_template(
        "assessments/completeness.html",
        engagement=engagement,
        status=status,
        frame=head,
        **completeness_page(found),
    )


def _unassessed(session: Session, engagement: Engagement) -> dict[str, Any] | None:
    epoch = open_epoch(session, engagement.id)
    run = None if epoch is None else latest_run(session, epoch)
    if run is None:
        return None
    return {"completeness": certificate(session, run), "partial": run.partial}
