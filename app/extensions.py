"""What the parts share: made here, bound once at the start of each process."""

from collections.abc import Iterable

import requests
from authlib.integrations.flask_client import OAuth
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask
from flask_wtf import CSRFProtect

from app.core.config import Config
from app.database.engine import Database
from app.keystore import Keystore
from app.queues import Queues
from app.throttle import Throttle
from collectors.egress import identity_rules, open_session, rest_rules, restrict
from collectors.identity import TOKEN_PATH

db = Database()
queues = Queues()
keystore = Keystore()
throttle = Throttle()
csrf = CSRFProtect()
oauth = OAuth()


class Bound:
    """The configuration this process runs with."""

    config: Config


bound = Bound()


def bind(config: Config) -> None:
    """Bind everything that needs no web server: for workers, sweeper and commands."""
    config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    bound.config = config
    db.bind(config.database_url)
    queues.bind(config.redis_url)
    throttle.bind(config.redis_url)
    keystore.bind(config.keystore, config.master_key, config.former_keys)


def bind_web(app: Flask, config: Config) -> None:
    """Bind what the web server needs on top."""
    csrf.init_app(app)
    oauth.init_app(app)
    oauth.register(
        "pagerduty",
        overwrite=True,
        client_id=config.client_id,
        client_secret=config.client_secret,
        authorize_url=f"{config.identity_url}/oauth/authorize",
        access_token_url=f"{config.identity_url}{TOKEN_PATH}",
        client_kwargs=_client_options(),
        compliance_fix=_fence_identity,
    )


def rest_session(extensions: Iterable[str] = ()) -> requests.Session:
    """A session that reaches the declared resources of the two REST origins only.

    ``extensions``: those that the client has allowed.
    """
    return open_session(rest_rules(bound.config.regions.values(), extensions))


def identity_session() -> OAuth2Session:
    """An OAuth client that reaches the declared addresses of PagerDuty's identity host only."""
    session = OAuth2Session(bound.config.client_id, bound.config.client_secret, **_client_options())
    _fence_identity(session)
    return session


def revocation_session(seconds: float) -> requests.Session:
    """A session to PagerDuty's identity host that waits no longer than this for anything."""
    rules = identity_rules(bound.config.identity_url)
    return restrict(requests.Session(), rules, (seconds, seconds))


def _client_options() -> dict[str, str]:
    return {
        "scope": "read",
        "code_challenge_method": "S256",
        "token_endpoint_auth_method": "client_secret_post",
    }


def _fence_identity(session: requests.Session) -> None:
    restrict(session, identity_rules(bound.config.identity_url))
