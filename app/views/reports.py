"""Downloads: a report is rendered when asked for and streamed; no file of it is kept."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from app.access import current_member
from app.errors import NotFound
from app.extensions import db
from app.logs import Event, event
from app.operations import read
from app.reports.as_csv import as_csv, findings_as_csv
from app.reports.as_json import as_json
from app.views.assessed import chosen

blueprint = Blueprint("reports", __name__, url_prefix="/engagements")


def _document(handle: str) -> dict[str, Any]:
    with db.read() as session:
        engagement = read.engagement(session, current_member().firm_id, handle)
        assessment = chosen(session, engagement)
    if assessment is None:
        raise NotFound(
            "There is no report to download",
            "Nothing is assessed yet, or it was deleted. Integrations says which.",
        )
    return assessment.document


def _download(lines: Iterator[str], handle: str, kind: str, rest: str) -> Response:
    event(Event.DOWNLOADED, engagement=handle)
    # The name is ours alone: a client's name has no place in a header.
    answer = Response(lines, content_type=f"{kind}; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"tacit-{handle}{rest}")
    return answer


@blueprint.get("/<handle>/report.json")
def json_report(handle: str) -> ResponseReturnValue:
    """Every figure with its interval, window and completeness."""
    return _download(as_json(_document(handle)), handle, "application/json", ".json")


@blueprint.get("/<handle>/report.csv")
def csv_report(handle: str) -> ResponseReturnValue:
    """One row a figure."""
    return _download(as_csv(_document(handle)), handle, "text/csv", ".csv")


@blueprint.get("/<handle>/findings.csv")
def csv_findings(handle: str) -> ResponseReturnValue:
    """One row a figure of a finding's evidence."""
    lines = findings_as_csv(_document(handle))
    return _download(lines, handle, "text/csv", "-findings.csv")
