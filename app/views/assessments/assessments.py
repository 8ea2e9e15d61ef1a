"""The assessments of an engagement: the list, and a new one of the collected records."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.access.guard import current_member
from app.core.errors import BadInput
from app.extensions import db, queues
from app.models import ACTIVE, Engagement
from app.operations.accounts.engagements import find_engagement
from app.operations.assessments import read
from app.operations.assessments.assess import queue_question
from app.operations.connection.status import connection_status
from app.queues import Job
from app.views.assessments.assessment_form import AssessmentForm
from app.views.assessments.assessment_page import named_assessment, shown_assessment
from app.views.assessments.listed_assessment import ListedAssessment, listed_assessment
from app.views.assessments.page_header import page_header

blueprint = Blueprint("assessments", __name__, url_prefix="/engagements")


def _list(session: Session, engagement: Engagement) -> dict[str, Any]:
    lines = read.assessments(session, engagement)
    shown = shown_assessment(session, engagement)
    views: list[ListedAssessment] = [
        listed_assessment(line, engagement.time_zone) for line in lines
    ]
    return {
        "lines": views,
        "shown": shown.handle if shown else None,
        "moving": any(line.state in ACTIVE for line in lines),
    }


@blueprint.get("/<handle>/assessments")
def index(handle: str) -> ResponseReturnValue:
    """Every assessment of the collected records, newest first."""
    with db.read() as session:
        engagement = find_engagement(session, current_member().firm_id, handle)
        status = connection_status(session, engagement)
        content = _list(session, engagement)
        header = page_header(engagement, status, shown_assessment(session, engagement))
    return render_template(
        "assessments/index.html", engagement=engagement, status=status, header=header, **content
    )


@blueprint.get("/<handle>/assessments/list")
def rows(handle: str) -> ResponseReturnValue:
    """The list alone: the page polls it every second while an assessment is under way."""
    with db.read() as session:
        engagement = find_engagement(session, current_member().firm_id, handle)
        content = _list(session, engagement)
    return render_template("assessments/_rows.html", engagement=engagement, **content)


@blueprint.route("/<handle>/assessments/new", methods=["GET", "POST"])
def new(handle: str) -> ResponseReturnValue:
    """Request another assessment; nothing is collected again."""
    with db.read() as session:
        engagement = find_engagement(session, current_member().firm_id, handle)
        status = connection_status(session, engagement)
        collected = read.collected(session, engagement)
        lines = read.assessments(session, engagement)
        header = page_header(engagement, status, shown_assessment(session, engagement))
    form, message = None, ""
    if collected is not None:
        form = AssessmentForm(engagement.time_zone, collected, lines)
        if form.validate_on_submit():
            try:
                with db.write() as session:
                    queued = queue_question(session, engagement, form.question())
            except BadInput as error:
                message = f"{error.title}. {error.remedy}"
            else:
                queues.enqueue(Job.ASSESS, queued)
                address = url_for("assessments.index", handle=handle, assessment=named_assessment())
                return redirect(address, code=303)
    page = render_template(
        "assessments/new.html",
        engagement=engagement,
        status=status,
        header=header,
        form=form,
        message=message,
    )
    return page, 400 if message or (form and form.errors) else 200
