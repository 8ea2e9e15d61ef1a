"""Receipts: what a deletion did, as a page and as signed files."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.access.guard import current_member
from app.core.errors import NotFound
from app.extensions import db
from app.models import LedgerEntry
from app.operations.accounts.engagements import find_engagement
from app.operations.receipts import ledger
from app.operations.receipts.ledger import find_purge
from app.reports.receipt import receipt_page

blueprint = Blueprint("receipts", __name__, url_prefix="/engagements")


@blueprint.get("/<handle>/receipts/<purge_handle>")
def receipt(handle: str, purge_handle: str) -> ResponseReturnValue:
    """What was deleted and checked, and when; during a deletion, its progress."""
    with db.read() as session:
        engagement = find_engagement(session, current_member().firm_id, handle)
        purge = find_purge(session, engagement, purge_handle)
        made = {entry.kind: entry for entry in ledger.entries(session, purge.handle)}
    stated = {kind: ledger.statement(entry) for kind, entry in made.items()}
    return render_template(
        "deletion/receipt.html",
        engagement=engagement,
        purge=purge,
        receipt=receipt_page(purge.cause, purge.stages, stated),
    )


@blueprint.get("/<handle>/receipts/<purge_handle>/<kind>.json")
def statement(handle: str, purge_handle: str, kind: str) -> ResponseReturnValue:
    """One signed entry as a file: promise, receipt or breach."""
    with db.read() as session:
        engagement = find_engagement(session, current_member().firm_id, handle)
        purge = find_purge(session, engagement, purge_handle)
        made = {entry.kind: entry for entry in ledger.entries(session, purge.handle)}
    return signed_file(made.get(kind))


def signed_file(entry: LedgerEntry | None) -> Response:
    """An entry as its file; raises NotFound where there is none."""
    if entry is None:
        raise NotFound
    response = Response(ledger.file(entry), content_type="application/json")
    name = f"tacit-{entry.kind}-{entry.purge_handle}.json"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
