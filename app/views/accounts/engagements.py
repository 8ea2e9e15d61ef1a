"""The firm's engagements: the list, and a new one."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import current_member, signed_in
from app.core.errors import BadInput
from app.core.logs import Event, event
from app.extensions import db
from app.models import Engagement
from app.operations.accounts.engagements import list_engagements, open_engagement
from app.operations.connection.status import connection_status
from app.reports.wording.connection_states import connection_mark
from app.reports.wording.resource_names import resource_name
from app.views.accounts.engagement_form import EngagementForm
from app.views.assessments.page_header import requested_window

blueprint = Blueprint("engagements", __name__, url_prefix="/engagements")
blueprint.add_app_template_filter(resource_name)
blueprint.add_app_template_filter(connection_mark)


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
                "window": requested_window(each),
                "state": connection_status(session, each).state,
            }
            for each in list_engagements(session, current_member().firm_id)
        ]
    return render_template("accounts/engagements.html", rows=rows)


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
    return redirect(url_for("integrations.page", handle=handle), code=303)
