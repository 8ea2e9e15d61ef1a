"""What every page of an assessment needs: which one is shown, and what stands around it."""

from collections.abc import Callable
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from app.access.guard import current_member
from app.extensions import db
from app.models import Engagement
from app.operations.accounts.engagements import find_engagement
from app.operations.assessments import read
from app.operations.assessments.read import AssessmentView
from app.operations.connection.status import connection_status
from app.reports.completeness import verdict
from app.views.assessments import frame as around

Document = dict[str, Any]
_ASKED = "assessment"


def chosen(session: Session, engagement: Engagement) -> AssessmentView | None:
    """The assessment that the address names, else the newest; None before there is one.

    Raises NotFound for a name that is none of this engagement's.
    """
    handle = request.args.get(_ASKED)
    if handle is None:
        return read.latest_assessment(session, engagement)
    return read.assessment(session, engagement, handle)


def named_assessment() -> str | None:
    """The name in the address, for links to carry along; None for the newest."""
    return request.args.get(_ASKED)


def assessed(handle: str, page: Callable[[Document], dict[str, Any]]) -> dict[str, Any]:
    """What a template needs that shows an assessment, or says why there is none yet."""
    with db.read() as session:
        engagement = find_engagement(session, current_member().firm_id, handle)
        status = connection_status(session, engagement)
        assessment = chosen(session, engagement)
        head = around.frame(engagement, status, assessment)
    document = assessment.document if assessment else None
    content = {"charts": []} if document is None else _content(document, page)
    return {
        "engagement": engagement,
        "status": status,
        "frame": head,
        "document": document,
        **content,
    }


def _content(document: Document, page: Callable[[Document], dict[str, Any]]) -> dict[str, Any]:
    partial = bool(document.get("partial"))
    return {"verdict": verdict(document["completeness"], partial=partial), **page(document)}
