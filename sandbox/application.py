"""`create_sandbox`: the identity host, the REST API and the back door on one origin."""

import secrets
from datetime import UTC, datetime
from time import sleep

from flask import Flask, Response, g, make_response, request
from werkzeug.exceptions import HTTPException

from sandbox import control, instants
from sandbox.account import from_file
from sandbox.account.generated import generate
from sandbox.account.listing import Account
from sandbox.canaries import Mint
from sandbox.errors import ErrorBodies, RefusalError
from sandbox.faults import Fault
from sandbox.identity import views as identity
from sandbox.identity.id_token import Signer
from sandbox.identity.provider import Provider
from sandbox.identity.vault import Client
from sandbox.rest import views as rest
from sandbox.rest.caller import check_version, identify
from sandbox.rest.limits import RateLimiter
from sandbox.settings import COOKIE_NAME, Settings
from sandbox.state import State, attach, current

NOT_FOUND = 404
TOO_MANY = 429
_BACK_DOOR = "/__sandbox/"
_IDENTITY = ("/oauth/", "/global/", "/account/")


def create_sandbox(settings: Settings) -> Flask:
    """A sandbox of its own, account included. Raises AccountFileError for an unusable file."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secrets.token_bytes(32),
        SESSION_COOKIE_NAME=COOKIE_NAME,
        SESSION_COOKIE_SAMESITE="Lax",
        # A planted reset must reach the server, which then drops the connection.
        PROPAGATE_EXCEPTIONS=True,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined] # the default provider has it
    account, errors = _account(settings), ErrorBodies(Mint(settings.seed))
    client = Client(settings.client_id, settings.client_secret, settings.redirect_uri)
    signer = Signer.create(account, settings.client_id)
    provider = Provider(app, client, signer, errors, settings.access_token_seconds)
    limiter = RateLimiter(settings.rate_limit)
    attach(app, State(settings, account, provider, errors, limiter))
    for blueprint in (control.blueprint, identity.blueprint, rest.blueprint):
        app.register_blueprint(blueprint)
    app.add_url_rule("/favicon.ico", view_func=lambda: ("", 204))
    app.before_request(_gate)
    app.after_request(_record)
    app.register_error_handler(RefusalError, _refusal)
    app.register_error_handler(HTTPException, _unknown)
    return app


def _account(settings: Settings) -> Account:
    moment = settings.as_of or datetime.now(UTC)
    as_of = instants.from_datetime(moment)
    if settings.account_file is not None:
        return from_file.account(settings.account_file, settings.example, as_of, settings.subdomain)
    return generate(settings.size, settings.seed, as_of, settings.subdomain)


def _gate() -> Response | None:
    """What every request passes: faults for all, credentials and limits for REST."""
    if request.path.startswith(_BACK_DOOR) or request.path == "/favicon.ico":
        return None
    state = current()
    fault = state.faults.meet(request.path)
    if fault is not None:
        return _break(fault)
    if request.blueprint == rest.blueprint.name:
        _admit()
    return None


def _admit() -> None:
    state = current()
    sleep(state.settings.latency_ms / 1000)
    if request.method != "GET":
        raise RefusalError(405, 2101, "Only GET is served here.")
    g.caller = identify(request, state.provider.vault)
    standing = state.limiter.admit(g.caller.budget)
    if standing is not None:
        g.limit_headers = standing.headers()
        if not standing.allowed:
            raise RefusalError(TOO_MANY, 2020, "Wait for ratelimit-reset.")
    check_version(request)


def _break(fault: Fault) -> Response:
    if fault.kind == "reset":
        _note(0)
        raise ConnectionResetError
    if fault.kind == "5xx":
        body = current().errors.body(2000, "Planted.")
        return make_response(body, fault.status)
    if not fault.headers:
        return make_response("", TOO_MANY)
    limit = str(current().settings.rate_limit)
    headers = {
        "ratelimit-limit": limit,
        "ratelimit-remaining": "0",
        "ratelimit-reset": str(fault.reset_seconds),
    }
    return make_response(current().errors.body(2020, "Planted."), TOO_MANY, headers)


def _refusal(error: RefusalError) -> Response:
    if error.status in {NOT_FOUND, 405}:
        current().ledger.refuse()
    return make_response(current().errors.body(error.code, error.detail), error.status)


def _unknown(error: HTTPException) -> Response:
    """Anything that is not built: refused, and counted unless it came by the back door."""
    if not request.path.startswith(_BACK_DOOR):
        current().ledger.refuse()
    status = error.code or NOT_FOUND
    code = 2101 if status == 405 else 2100
    return make_response(current().errors.body(code, "Not served here."), status)


def _record(response: Response) -> Response:
    if not request.path.startswith(_BACK_DOOR) and request.path != "/favicon.ico":
        _note(response.status_code)
    response.headers.update(g.get("limit_headers", {}))
    return response


def _note(status: int) -> None:
    current().ledger.note(
        time=datetime.now(UTC).isoformat(),
        method=request.method,
        path=request.path,
        query={key: request.args.getlist(key) for key in request.args},
        status=status,
        page_size=g.get("page_size"),
    )
