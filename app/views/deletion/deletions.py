"""The public log of deletions, its figures and keys. It names no firm and no client."""

from pathlib import Path

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app import verify_receipt
from app.access.guard import open_to_all
from app.extensions import db
from app.operations.receipts.public_log import deletions, keys, keys_file, log
from app.operations.transactions.db_clock import moment

blueprint = Blueprint("deletions", __name__)
_JSON = "application/json"


@blueprint.get("/deletions")
@open_to_all
def page() -> ResponseReturnValue:
    """The number of promises and receipts, and the duration of deletions."""
    with db.read() as session:
        found, known = deletions(session, moment(session)), keys(session)
    return render_template("deletion/deletions.html", found=found, keys=known)


@blueprint.get("/ledger.json")
@open_to_all
def ledger_file() -> ResponseReturnValue:
    """Every entry, to check the chain with."""
    response = Response(log(), content_type=_JSON)
    response.headers.set("Content-Disposition", "attachment", filename="tacit-ledger.json")
    return response


@blueprint.get("/ledger/keys.json")
@open_to_all
def ledger_keys() -> ResponseReturnValue:
    """Every public key that signs or signed an entry."""
    with db.read() as session:
        return Response(keys_file(session), content_type=_JSON)


@blueprint.get("/ledger/verify_receipt.py")
@open_to_all
def verifier() -> ResponseReturnValue:
    """The program that checks a file without an installed Tacit."""
    response = Response(
        Path(verify_receipt.__file__).read_text(), content_type="text/x-python; charset=utf-8"
    )
    response.headers.set("Content-Disposition", "attachment", filename="verify_receipt.py")
    return response
