"""Downloads: rendered in memory on request, recorded, then sent; no file is stored."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from app.access.guard import current_member
from app.core.crash_points import CrashPoint, reach
from app.core.errors import EpochClosed, NotFound
from app.core.logs import Event, event
from app.extensions import db
from app.operations.accounts.engagements import find_engagement
from app.operations.client import downloads
from app.operations.client.downloads import Taken
from app.operations.transactions.fence import open_epoch
from app.reports.as_csv import as_csv, findings_as_csv
from app.reports.as_json import as_json
from app.views.assessments.assessment_page import shown_assessment

blueprint = Blueprint("downloads", __name__, url_prefix="/engagements")
_PIECE = 64 * 1024
Render = Callable[[Mapping[str, Any]], Iterator[str]]


@blueprint.get("/<handle>/report.json")
def json_report(handle: str) -> ResponseReturnValue:
    """Every figure with its interval, window and completeness."""
    return _download(handle, "report.json", as_json)


@blueprint.get("/<handle>/report.csv")
def csv_report(handle: str) -> ResponseReturnValue:
    """One row a figure."""
    return _download(handle, "report.csv", as_csv)


@blueprint.get("/<handle>/findings.csv")
def csv_findings(handle: str) -> ResponseReturnValue:
    """One row a figure of a finding's evidence."""
    return _download(handle, "findings.csv", findings_as_csv)


def _download(handle: str, file: str, render: Render) -> Response:
    taken, document = _taken(handle)
    # Rendered completely before the first byte is sent: the recorded hash is that of the file.
    body = "".join(render(document)).encode()
    _note(taken, file, body)
    event(Event.DOWNLOADED, engagement=handle)
    reach(CrashPoint.DOWNLOAD_COMMITTED)
    stem, _, kind = file.partition(".")
    content_type = "application/json" if kind == "json" else "text/csv"
    response = Response(_pieces(body), content_type=f"{content_type}; charset=utf-8")
    response.content_length = len(body)
    # Only our own words: a header must not contain a client's name.
    rest = f".{kind}" if stem == "report" else f"-{file}"
    response.headers.set("Content-Disposition", "attachment", filename=f"tacit-{handle}{rest}")
    return response


def _taken(handle: str) -> tuple[Taken, Mapping[str, Any]]:
    member = current_member()
    with db.read() as session:
        engagement = find_engagement(session, member.firm_id, handle)
        epoch = open_epoch(session, engagement.id)
        assessment = shown_assessment(session, engagement)
    if epoch is None or assessment is None:
        raise _nothing()
    return Taken(engagement, epoch, assessment.handle, member.id), assessment.document


def _note(taken: Taken, file: str, body: bytes) -> None:
    closed = False
    try:
        with db.write() as session:
            downloads.note(session, taken, file, len(body), hashlib.sha256(body).digest())
    except EpochClosed:
        closed = True
    if closed:
        raise _nothing()


def _nothing() -> NotFound:
    return NotFound(
        "There is no report to download",
        "Nothing is assessed yet, or the assessment was deleted. Integrations shows which.",
    )


def _pieces(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), _PIECE):
        yield body[start : start + _PIECE]
        reach(CrashPoint.DOWNLOAD_SENT_SOME)
