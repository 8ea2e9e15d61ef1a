"""The identity host: authorize, token, discovery, and the page where a grant is revoked."""

from typing import cast

from authlib.oauth2 import OAuth2Error
from flask import Blueprint, Response, redirect, render_template, request, session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from sandbox.account.account import Authorizer
from sandbox.identity.id_token import ISSUER_PATH
from sandbox.state import current

REVOCATION_PATH = "/oauth/revoke"
blueprint = Blueprint("identity", __name__)

Answer = str | tuple[str, int] | Response | BaseResponse


def _person() -> Authorizer | None:
    return current().account.authorizers.get(str(session.get("role")))


@blueprint.route("/oauth/authorize", methods=["GET", "POST"])
def authorize() -> Answer:
    """Log in, then allow or deny; a form may do both in one request."""
    provider = current().provider
    if request.method == "POST" and "login" in request.form:
        session["role"] = request.form["login"]
    try:
        grant = provider.get_consent_grant(end_user=_person())
    except OAuth2Error as error:
        if error.redirect_uri:
            return cast("Response", provider.handle_error_response(None, error))
        return render_template("problem.html", code=error.error), 400
    decision = request.form.get("decision")
    if _person() is None or decision not in {"allow", "deny"}:
        if request.method == "POST":
            return redirect(request.full_path, 303)
        return render_template("authorize.html", person=_person(), account=current().account)
    user = _person() if decision == "allow" else None
    return cast("Response", provider.create_authorization_response(grant_user=user, grant=grant))


@blueprint.post("/oauth/token")
def token() -> Response:
    return cast("Response", current().provider.create_token_response())


@blueprint.get(f"{ISSUER_PATH}/jwks")
def jwks() -> dict[str, object]:
    return current().provider.signer.jwks()


@blueprint.post(REVOCATION_PATH)
def withdraw() -> Response:
    """RFC 7009, which PagerDuty documents nowhere: it exists only where the settings enable it."""
    state = current()
    if not state.settings.revocation:
        raise NotFound
    return cast("Response", state.provider.create_endpoint_response("revocation"))


@blueprint.get(f"{ISSUER_PATH}/.well-known/openid-configuration")
def discovery() -> dict[str, object]:
    origin = request.host_url.rstrip("/")
    offered = {"revocation_endpoint": f"{origin}{REVOCATION_PATH}"}
    return {
        **(offered if current().settings.revocation else {}),
        "issuer": origin + ISSUER_PATH,
        "authorization_endpoint": f"{origin}/oauth/authorize",
        "token_endpoint": f"{origin}/oauth/token",
        "jwks_uri": f"{origin}{ISSUER_PATH}/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "read", "write"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
    }


@blueprint.get("/account/apps")
def apps() -> str:
    state = current()
    grants = sorted(state.provider.vault.delegations.values(), key=lambda one: one.granted_at)
    return render_template("apps.html", grants=grants, account=state.account)


@blueprint.post("/account/apps/revoke")
def revoke() -> Answer:
    """Revokes the delegation named in the form, or all where none is named."""
    current().provider.vault.revoke(request.form.get("delegation_id"))
    return redirect("/account/apps", 303)
