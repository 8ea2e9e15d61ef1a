"""`create_sandbox`: the identity host, the REST API and the back door on one origin."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask

from sandbox import control, instants, request_checks
from sandbox.account import from_file
from sandbox.account.account import Account
from sandbox.account.editing import Editor
from sandbox.account.generated import generate
from sandbox.account.sizes import SIZES
from sandbox.canaries import Mint
from sandbox.errors import ErrorBodies
from sandbox.identity import views as identity
from sandbox.identity.id_token import Signer
from sandbox.identity.provider import Provider
from sandbox.identity.vault import Client, Vault
from sandbox.planting import Planter
from sandbox.rest import views as rest
from sandbox.rest.limits import RateLimiter
from sandbox.sent_markers import SentMarkers
from sandbox.settings import COOKIE_NAME, Settings
from sandbox.state import State, attach


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
    mint = Mint(settings.seed, settings.canaries)
    account, errors = _account(settings), ErrorBodies(mint)
    client = Client(settings.client_id, settings.client_secret, settings.redirect_uri)
    signer = Signer.create(account, settings.client_id)
    if settings.canaries:
        signer = replace(signer, mint=mint)
    vault = Vault(mint if settings.canary_ids else None)
    provider = Provider(app, client, signer, errors, vault, lifetime=settings.access_token_seconds)
    limiter = RateLimiter(settings.rate_limit, settings.oncalls_limit)
    state = State(
        settings=settings,
        account=account,
        provider=provider,
        errors=errors,
        limiter=limiter,
        editor=Editor(account),
    )
    if settings.canaries:
        state = replace(state, planter=Planter(mint), sent=SentMarkers(mint))
    attach(app, state)
    for blueprint in (control.blueprint, identity.blueprint, rest.blueprint):
        app.register_blueprint(blueprint)
    app.add_url_rule("/favicon.ico", view_func=lambda: ("", 204))
    request_checks.install(app)
    return app


def _account(settings: Settings) -> Account:
    moment = settings.as_of or datetime.now(UTC)
    as_of = instants.from_datetime(moment)
    if settings.account_file is not None:
        found = from_file.account(
            settings.account_file, settings.example, as_of, settings.subdomain
        )
    else:
        size = SIZES[settings.size].times(settings.times)
        found = generate(
            size,
            settings.seed,
            as_of,
            settings.subdomain,
            word=settings.canaries,
            canary_ids=settings.canary_ids,
        )
    here = tuple(one for one in found.abilities if one not in settings.absent_abilities)
    return replace(found, abilities=here)
