"""The client's pages behind a secret link: stored data, requests made, disconnect."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.access.guard import open_to_all
from app.core.errors import BadInput, NotFound
from app.extensions import db
from app.models import ConnectionState, Engagement, Firm, LedgerEntry, Purge
from app.operations.client import link
from app.operations.client.downloads import EVERYTHING
from app.operations.client.export import schema_text
from app.operations.client.view import client_view
from app.operations.connection import allow_lists
from app.operations.connection.status import connection_status
from app.operations.grant import requests_made
from app.operations.receipts import ledger
from app.operations.receipts.ledger import find_purge
from app.operations.transactions.failures import DATABASE_UNAVAILABLE
from app.operations.transactions.fence import open_epoch
from app.reports.receipt import receipt_page
from app.reports.wording.deletion import CAUSES
from app.reports.wording.resource_names import grouped, resource_name
from app.views.client.export import export_response
from app.views.connection.connection_card import stored_records
from app.views.deletion.deletion_dates import deletion_lines
from app.views.deletion.disconnect import disconnect_now, promises_deletion
from app.views.deletion.receipts import signed_file
from collectors.manifest import manifest, manifest_hash

blueprint = Blueprint("client", __name__, url_prefix="/client")
_MOST_PAGES = 100_000


@blueprint.after_request
def keep_out_of_indexes(response: Response) -> Response:
    """Search engines must not index a link that was posted somewhere."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _open(secret: str) -> tuple[Engagement, Firm]:
    return link.follow(secret, request.remote_addr or "")


@blueprint.get("/export.schema.json")
@open_to_all
def schema() -> ResponseReturnValue:
    """The JSON schema of an export."""
    return Response(schema_text(), content_type="application/schema+json")


@blueprint.get("/<secret>")
@open_to_all
def page(secret: str) -> ResponseReturnValue:
    """The connection and its dates of deletion; downloads, promises and receipts."""
    engagement, firm = _open(secret)
    with suppress(*DATABASE_UNAVAILABLE), db.write() as session:
        link.seen(session, engagement)
    with db.read() as session:
        found = client_view(session, engagement)
    status = found.status
    return render_template(
        "client/page.html",
        **_context(secret, engagement, firm),
        view=found,
        status=status,
        deletions=deletion_lines(status.deletions),
        extensions=", ".join(map(resource_name, status.extensions)),
        consented=None if found.epoch is None else found.epoch.allow_list_hash.hex(),
        allow_list_hash=manifest_hash(),
        causes=CAUSES,
        clients_own=EVERYTHING,
    )


@blueprint.get("/<secret>/allow-list")
@open_to_all
def allow_list(secret: str) -> ResponseReturnValue:
    """Everything that Tacit may request and store, as declared today."""
    engagement, firm = _open(secret)
    with db.read() as session:
        epoch = open_epoch(session, engagement.id)
        changed = allow_lists.changed_since(session, epoch)
    declared = manifest()
    return render_template(
        "client/allow_list.html",
        **_context(secret, engagement, firm),
        manifest=declared,
        groups=grouped(declared["resources"]),
        changed=changed,
        consented=None if epoch is None else epoch.allow_list_hash.hex(),
        allow_list_hash=manifest_hash(),
    )


@blueprint.get("/<secret>/requests")
@open_to_all
def requests(secret: str) -> ResponseReturnValue:
    """Every request made with the client's token: totals per path, then each request."""
    engagement, firm = _open(secret)
    number = max(1, min(_MOST_PAGES, request.args.get("page", 1, type=int)))
    with db.read() as session:
        found = _requests(session, engagement, number)
    return render_template(
        "client/requests.html", **_context(secret, engagement, firm), number=number, **found
    )


def _requests(session: Session, engagement: Engagement, number: int) -> dict[str, Any]:
    epoch = open_epoch(session, engagement.id)
    if epoch is None:
        return {"connected": False, "totals": [], "lines": [], "count": 0, "missing": 0}
    totals = requests_made.totals(session, epoch.id)
    return {
        "connected": True,
        "moving": connection_status(session, engagement).moving,
        "totals": totals,
        "count": sum(each.requests for each in totals),
        "lines": requests_made.page(session, epoch.id, number),
        "last": -(-sum(each.requests for each in totals) // requests_made.PAGE),
        "missing": requests_made.unaccounted(session, epoch.id),
    }


@blueprint.get("/<secret>/export.json")
@open_to_all
def export(secret: str) -> ResponseReturnValue:
    """Everything stored, in the form that ``export.schema.json`` describes."""
    return export_response(_open(secret)[0])


@blueprint.get("/<secret>/receipts/<purge_handle>")
@open_to_all
def receipt(secret: str, purge_handle: str) -> ResponseReturnValue:
    """One deletion: what was done and checked, when."""
    engagement, firm = _open(secret)
    purge, made = _entries(engagement, purge_handle)
    stated = {kind: ledger.statement(entry) for kind, entry in made.items()}
    return render_template(
        "client/receipt.html",
        **_context(secret, engagement, firm),
        purge=purge,
        receipt=receipt_page(purge.cause, purge.stages, stated),
    )


@blueprint.get("/<secret>/receipts/<purge_handle>/<kind>.json")
@open_to_all
def statement(secret: str, purge_handle: str, kind: str) -> ResponseReturnValue:
    """One signed entry as a file: promise, receipt or breach."""
    engagement, _ = _open(secret)
    return signed_file(_entries(engagement, purge_handle)[1].get(kind))


def _entries(engagement: Engagement, handle: str) -> tuple[Purge, dict[str, LedgerEntry]]:
    with db.read() as session:
        purge = find_purge(session, engagement, handle)
        return purge, {entry.kind: entry for entry in ledger.entries(session, purge.handle)}


@blueprint.get("/<secret>/disconnect")
@open_to_all
def confirm_disconnect(secret: str) -> ResponseReturnValue:
    """What a disconnect destroys, for the user to confirm."""
    engagement, firm = _open(secret)
    with db.read() as session:
        status = connection_status(session, engagement)
    if status.state not in {ConnectionState.CONNECTED, ConnectionState.LOST}:
        raise NotFound("Nothing is connected", "Nothing is stored that could be deleted.")
    return render_template(
        "client/confirm_disconnect.html",
        **_context(secret, engagement, firm),
        kept=stored_records(status.run),
    )


@blueprint.post("/<secret>/disconnect")
@open_to_all
@promises_deletion
def disconnect(secret: str) -> ResponseReturnValue:
    """The same deletion as the consultant's; the consultant need not agree."""
    engagement, _ = _open(secret)
    if request.form.get("confirm") != "yes":
        raise BadInput("The disconnect was not confirmed", "Go back and confirm it.")
    disconnect_now(engagement)
    return redirect(url_for("client.page", secret=secret), code=303)


def _context(secret: str, engagement: Engagement, firm: Firm) -> dict[str, Any]:
    return {"secret": secret, "about": engagement, "firm": firm}
