"""The completeness page: a verdict, and the certificate in words, one entry per resource."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.access.guard import current_member
from app.extensions import db
from app.models import Engagement
from app.operations.accounts.engagements import find_engagement
from app.operations.connection.status import connection_status
from app.operations.runs.certificate import certificate
from app.operations.runs.runs import latest_run
from app.operations.transactions.fence import open_epoch
from app.reports.completeness import reasons_in_words, state_in_words, verdict
from app.reports.wording import words
from app.reports.wording.resource_names import resource_name
from app.views.assessments.assessment_page import shown_assessment
from app.views.assessments.page_header import page_header

blueprint = Blueprint("completeness", __name__, url_prefix="/engagements")


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource: its state, what its reasons mean, and its numbers as they stand."""

    name: str
    state: str
    warns: bool
    why: str
    numbers: Mapping[str, Any]
    windows: list["WindowEntry"]


@dataclass(frozen=True, slots=True)
class WindowEntry:
    """One window of the run; ``span`` is empty for a list without times."""

    span: str
    why: str
    fields: str
    carried: bool
    numbers: Mapping[str, Any]


@blueprint.get("/<handle>/completeness")
def page(handle: str) -> ResponseReturnValue:
    """The certificate of the shown assessment; before the first, that of the collection."""
    with db.read() as session:
        engagement = find_engagement(session, current_member().firm_id, handle)
        status = connection_status(session, engagement)
        assessment = shown_assessment(session, engagement)
        document = assessment.document if assessment else _unassessed(session, engagement)
        header = page_header(engagement, status, assessment)
    return render_template(
        "assessments/completeness.html",
        engagement=engagement,
        status=status,
        header=header,
        **_content(document),
    )


def _unassessed(session: Session, engagement: Engagement) -> dict[str, Any] | None:
    epoch = open_epoch(session, engagement.id)
    run = None if epoch is None else latest_run(session, epoch)
    if run is None:
        return None
    return {"completeness": certificate(session, run), "partial": run.partial}


def _content(document: Mapping[str, Any] | None) -> dict[str, Any]:
    """Incomplete resources come first, then the order in which they were collected."""
    if document is None or not document["completeness"]["resources"]:
        return {"certificate": None}
    stated, partial = document["completeness"], bool(document.get("partial"))
    return {
        "certificate": stated,
        "verdict": verdict(stated, partial=partial),
        "entries": sorted(
            (_entry(each, partial=partial) for each in stated["resources"]),
            key=lambda entry: not entry.warns,
        ),
        "document": document if "allow_list_hash" in document else None,
    }


def _entry(resource: Mapping[str, Any], *, partial: bool) -> Entry:
    state = state_in_words(resource, partial=partial)
    return Entry(
        name=resource_name(resource["resource"]),
        state=state,
        warns=state == "incomplete",
        why=reasons_in_words(resource["reasons"]),
        numbers=resource,
        windows=[_window(each) for each in resource["windows"]],
    )


def _window(window: Mapping[str, Any]) -> WindowEntry:
    bounded = window["since"] and window["until"]
    return WindowEntry(
        span=words.exact_span(window["since"], window["until"]) if bounded else "",
        why=reasons_in_words(window["reasons"]),
        fields=words.listed(window["fields"]),
        carried=bool(window["carried"]),
        numbers=window,
    )
