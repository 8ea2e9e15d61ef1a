"""What every page of an assessment needs: the assessment to show, and the page's context."""

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
from app.views.assessments.page_header import page_header

Document = dict[str, Any]
_PARAMETER = "assessment"


def shown_assessment(session: Session, engagement: Engagement) -> AssessmentView | None:
    """The assessment that the address names, else the newest; None before there is one.

    Raises NotFound for an assessment of another engagement.
    """
    handle = request.args.get(_PARAMETER)
    if handle is None:
        return read.latest_assessment(session, engagement)
    return read.assessment(session, engagement, handle)


def named_assessment() -> str | None:
    """The assessment in the address, which links of the page repeat; None for the newest."""
    return request.args.get(_PARAMETER)


def assessment_page(handle: str, content: Callable[[Document], dict[str, Any]]) -> dict[str, Any]:
    """The context of a page that shows an assessment, or why there is none yet."""
    with db.read() as session:
        engagement = find_engagement(session, current_member().firm_id, handle)
        status = connection_status(session, engagement)
        assessment = shown_assessment(session, engagement)
        header = page_header(engagement, status, assessment)
    document = assessment.document if assessment else None
    return {
        "engagement": engagement,
        "status": status,
        "header": header,
        "document": document,
        **({"charts": []} if document is None else _with_verdict(document, content)),
    }


def _with_verdict(
    document: Document, content: Callable[[Document], dict[str, Any]]
) -> dict[str, Any]:
    partial = bool(document.get("partial"))
    return {"verdict": verdict(document["completeness"], partial=partial), **content(document)}
