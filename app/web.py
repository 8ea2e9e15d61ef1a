"""The web application: blueprints, error pages, the log of requests."""

import time
from enum import StrEnum

from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response
from whitenoise import WhiteNoise

from app.access.guard import guard, signed_in, unread
from app.access.headers import add_headers
from app.access.sessions import DatabaseSessions
from app.core.config import Config
from app.core.crypto import new_key
from app.core.errors import AppError, BadInput, Busy, NotFound, NotPromised
from app.core.logs import Event, event, filter_loggers
from app.extensions import bind, bind_web, keystore
from app.models import Member
from app.reports.wording.words import FILTERS
from app.views.accounts import auth, engagement_end, engagements
from app.views.assessments import assessments, completeness, downloads, figures
from app.views.client import link
from app.views.client import pages as client
from app.views.connection import connections, integrations
from app.views.deletion import deletions, receipts
from app.views.deletion.disconnect import deletion_requested
from app.views.public import health, pages

BLUEPRINTS = (
    assessments.blueprint,
    auth.blueprint,
    client.blueprint,
    completeness.blueprint,
    downloads.blueprint,
    link.blueprint,
    connections.blueprint,
    deletions.blueprint,
    engagement_end.blueprint,
    engagements.blueprint,
    figures.blueprint,
    health.blueprint,
    integrations.blueprint,
    pages.blueprint,
    receipts.blueprint,
)

_UNLOGGED = frozenset({"integrations.card", "health.alive", "health.ready", "static"})
"""Polled about every second; their result is visible to the client that polls."""


def create_app(config: Config) -> Flask:
    """Bind extensions, pages, error pages and headers."""
    filter_loggers()
    bind(config)
    app = Flask(__name__, template_folder="../templates", static_folder="../static")
    secure = config.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=_csrf_secret(),
        SESSION_COOKIE_NAME="__Host-tacit" if secure else "tacit",
        SESSION_COOKIE_SECURE=secure,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        # It would require a Referer, which our own policy forbids; access.guard checks
        # Sec-Fetch-Site in addition to the token.
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=64 * 1024,
    )
    app.session_interface = DatabaseSessions()
    bind_web(app, config)
    app.jinja_env.filters.update(FILTERS)
    app.context_processor(_member)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.before_request(guard)
    add_headers(app, config)
    _log_requests(app)
    _handle_errors(app)
    if hops := config.trusted_proxies:
        # Without it every login attempt has the proxy's address: one attacker locks out all users.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=app.static_folder, prefix="static/")  # type: ignore[method-assign]
    return app


def _csrf_secret() -> str:
    """The key that signs CSRF tokens. It is not rotated: every open form would be refused.

    A token only repeats the random number in its session, and sessions are rotated.
    """
    keystore.keep("forms", new_key())
    return keystore.open("forms").hex()


def _member() -> dict[str, Member | None]:
    try:
        return {"member": signed_in()}
    except SQLAlchemyError:
        # An error page must work without a database.
        return {"member": None}


def _log_requests(app: Flask) -> None:
    # The name of the route, never the path: a path may contain user input.
    names = {name: name for name in app.view_functions}
    routes = StrEnum("Route", names)  # type: ignore[misc] # made from what is registered

    @app.before_request
    def begin() -> None:
        g.began = time.monotonic()

    @app.after_request
    def log(response: Response) -> Response:
        spent = round(1000 * (time.monotonic() - g.get("began", time.monotonic())), 1)
        route = routes(request.endpoint) if request.endpoint in app.view_functions else None
        if request.endpoint not in _UNLOGGED:
            event(Event.REQUEST, route=route, status=response.status_code, ms=spent)
        return response


def _handle_errors(app: Flask) -> None:
    @app.errorhandler(AppError)
    def known(error: AppError) -> tuple[str, int]:
        if isinstance(error, Busy) and deletion_requested():
            error = NotPromised()
        return render_template("errors/error.html", error=error), error.status

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> tuple[str, int]:
        if unread():
            # The token may be right: the session that it is compared with cannot be read.
            return known(Busy())
        return known(BadInput("This form has expired", "Reload the page and send it again."))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> tuple[str, int]:
        if error.code in {404, 405}:
            return render_template("errors/error.html", error=NotFound()), error.code
        if (error.code or 500) >= 500:
            return known(AppError())
        return render_template("errors/error.html", error=BadInput()), error.code or 400

    @app.errorhandler(SQLAlchemyError)
    def database(error: SQLAlchemyError) -> tuple[str, int]:
        event(Event.REQUEST_FAILED, error=error)
        return known(Busy())

    @app.errorhandler(Exception)
    def unknown(error: Exception) -> tuple[str, int]:
        event(Event.REQUEST_FAILED, error=error)
        return known(AppError())
