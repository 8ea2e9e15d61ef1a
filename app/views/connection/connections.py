"""Connect and disconnect: consent, the redirect to PagerDuty, its callback, the disconnect."""

import secrets
from dataclasses import replace
from typing import Any

import requests
from authlib.integrations.base_client.errors import OAuthError
from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.access.guard import current_member
from app.core.clock import now
from app.core.crash_points import CrashPoint, reach
from app.core.errors import BadInput, ConnectRefused
from app.core.logs import Event, event
from app.extensions import bound, db, oauth, queues
from app.models import Engagement
from app.models.purge import Cause
from app.operations.accounts.engagements import find_engagement
from app.operations.connection import allow_lists
from app.operations.connection.authorise import authorise
from app.operations.connection.connect import connect as store_connection
from app.operations.connection.status import connection_status
from app.operations.deletion.retention import dates_if_connected
from app.operations.transactions.fence import open_epoch
from app.queues import Job
from app.reports.wording.resource_names import grouped
from app.views.connection.connection_card import stored_records
from app.views.deletion.deletion_dates import deletion_lines
from app.views.deletion.disconnect import disconnect_now, promises_deletion
from collectors.manifest import manifest, manifest_hash

blueprint = Blueprint("connections", __name__)
_PENDING = "connecting"
_NONCE = "connecting_nonce"
_AGREED = "allow_list_agreed"
_ALLOWED = "extensions_allowed"


def _engagement(handle: str) -> Engagement:
    with db.read() as database:
        return find_engagement(database, current_member().firm_id, handle)


@blueprint.get("/engagements/<handle>/connect")
def consent(handle: str) -> ResponseReturnValue:
    """What will be requested, kept and never kept, shown before the first request."""
    engagement, declared = _engagement(handle), manifest()
    with db.read() as database:
        status = connection_status(database, engagement)
        changed = allow_lists.changed_since(database, open_epoch(database, engagement.id))
    # The reconnect that starts here cancels the date of a lost grant.
    ahead = [each for each in status.deletions if each.cause is not Cause.GRANT_LOST]
    return render_template(
        "connection/consent.html",
        engagement=engagement,
        manifest=declared,
        groups=grouped(declared["resources"]),
        changed=changed,
        extensions=_extensions(declared),
        allowed=status.extensions,
        deletions=deletion_lines(ahead or dates_if_connected(engagement, now())),
        allow_list_hash=manifest_hash(),
    )


def _extensions(declared: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in declared["resources"] if each["extension"]]


@blueprint.post("/engagements/<handle>/connect")
def start(handle: str) -> ResponseReturnValue:
    """Redirect to PagerDuty, with state, nonce and PKCE in this browser's session."""
    engagement = _engagement(handle)
    if not bound.config.client_id:
        raise BadInput(
            "Tacit is not registered at PagerDuty",
            "Set PAGERDUTY_CLIENT_ID and PAGERDUTY_CLIENT_SECRET, then start again.",
        )
    # The form states which list its page showed.
    if request.form.get("allow_list") != manifest_hash():
        raise BadInput(
            "The list of what is kept has changed", "Open the connect page again and read it."
        )
    allowed = sorted(set(request.form.getlist("extensions")))
    if not {each["name"] for each in _extensions(manifest())}.issuperset(allowed):
        raise BadInput("There is no such extension", "Open the connect page again and choose one.")
    _discard_earlier_attempts()
    session[_PENDING], session[_ALLOWED] = engagement.handle, allowed
    session[_AGREED] = manifest_hash()
    session[_NONCE] = secrets.token_urlsafe(16)
    event(Event.CONNECT_STARTED, engagement=engagement.handle)
    response: Response = oauth.pagerduty.authorize_redirect(
        f"{bound.config.base_url}{url_for('connections.callback')}", nonce=session[_NONCE]
    )
    response.status_code = 303
    return response


@blueprint.get("/oauth/callback")
def callback() -> ResponseReturnValue:
    """The response of PagerDuty: check everything, then store; or store nothing and show why."""
    handle, allowed = session.pop(_PENDING, None), session.pop(_ALLOWED, ())
    agreed, nonce = session.pop(_AGREED, None), session.pop(_NONCE, None)
    if handle is None:
        raise ConnectRefused(
            "no_attempt",
            "No connection was in progress in this browser",
            "Nothing was stored. Open the engagement, then Integrations, and connect from there.",
        )
    engagement = _engagement(handle)
    try:
        if agreed != manifest_hash():
            raise _refused("outdated")
        authorised = authorise(engagement, _exchange(), nonce)
        authorised = replace(authorised, extensions=tuple(allowed))
        with db.write() as database:
            run = store_connection(database, engagement, authorised)
        reach(CrashPoint.CONNECT_COMMITTED)
    except ConnectRefused as error:
        event(Event.CONNECT_REFUSED, engagement=engagement.handle)
        return _problem(engagement, error), error.status
    finally:
        _discard_earlier_attempts()
    event(Event.CONNECTED, engagement=engagement.handle)
    if run is not None:
        queues.enqueue(Job.COLLECT, run.handle)
    return redirect(url_for("integrations.page", handle=engagement.handle), code=303)


def _exchange() -> dict[str, object]:
    """Exchange the code for a token. It is valid for 30 s: too short for a queue."""
    try:
        token: dict[str, object] = oauth.pagerduty.authorize_access_token()
    except OAuthError as error:
        denied = error.error == "access_denied"
        code = "denied" if denied else "stale" if error.error == "mismatching_state" else "expired"
    except (requests.RequestException, ValueError, OverflowError):
        code = "unreachable"
    else:
        return token
    # Raised after the block: Authlib's errors contain the request, and so the code.
    raise _refused(code)


def _refused(code: str) -> ConnectRefused:
    title, remedy = _REFUSALS[code]
    return ConnectRefused(code, title, f"Nothing was stored. {remedy}")


_REFUSALS = {
    "denied": (
        "PagerDuty access was denied",
        "The person who logged in at PagerDuty did not allow it. Connect again when they agree.",
    ),
    "stale": (
        "This response belongs to another attempt",
        "Only the newest attempt in a browser is valid, once. Connect again from Integrations.",
    ),
    # Another version of Tacit was started while the user was at PagerDuty.
    "outdated": (
        "The list of what is kept has changed",
        "Open the connect page again and read it.",
    ),
    "expired": (
        "PagerDuty no longer accepts this authorisation",
        "It is valid once, for 30 seconds. Connect again.",
    ),
    "unreachable": ("PagerDuty did not respond", "Connect again in a minute."),
}


def _discard_earlier_attempts() -> None:
    """Authlib stores the state and verifier of each attempt; only the newest may be used."""
    for key in [key for key in session if key.startswith("_state_pagerduty_")]:
        session.pop(key)


def _problem(engagement: Engagement, error: ConnectRefused) -> str:
    return render_template("connection/connect_refused.html", engagement=engagement, error=error)


@blueprint.get("/engagements/<handle>/disconnect")
def confirm_disconnect(handle: str) -> ResponseReturnValue:
    """What a disconnect destroys, for the user to confirm."""
    engagement = _engagement(handle)
    with db.read() as database:
        status = connection_status(database, engagement)
    return render_template(
        "connection/confirm_disconnect.html", engagement=engagement, kept=stored_records(status.run)
    )


@blueprint.post("/engagements/<handle>/disconnect")
@promises_deletion
def disconnect(handle: str) -> ResponseReturnValue:
    """Close the epoch first, commit, then destroy the keys and delete."""
    engagement = _engagement(handle)
    if request.form.get("confirm") != "yes":
        raise BadInput("The disconnect was not confirmed", "Go back and confirm it.")
    disconnect_now(engagement)
    return redirect(url_for("integrations.page", handle=engagement.handle), code=303)
