"""Revocation: a request to PagerDuty whose response blocks nothing."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs

import pytest
from sqlalchemy import update

from app.core.clock import now
from app.core.config import Config
from app.extensions import bind, db
from app.models import Purge
from app.models.purge import Revocation
from app.operations.deletion import revocation
from app.operations.deletion.disconnect import disconnect
from app.operations.grant.grant import Grant
from app.operations.grant.revoke import withdraw
from collectors.identity import DISCOVERY_PATH, REVOCATION_PATH
from tests.conftest import ON_SQLITE
from tests.unit.operations.conftest import Tenant
from tests.unit.operations.grant.other_processes import send_json, serving, settings

pytestmark = ON_SQLITE

GRANT = Grant("the access", "the refresh", now() + timedelta(hours=1))
SHORT = 0.5
Forms = list[dict[str, str]]


class Identity:
    """PagerDuty's identity host: what it offers, and what it answers."""

    def __init__(self, **offer: str) -> None:
        self.offer = offer
        self.origin = ""
        self.discovery_status = 200
        self.refused: set[str] = set()
        self.term = 3.0
        self.hanging = ""
        self.dripping = False
        self.requests: list[str] = []
        self.forms: Forms = []
        self.over = threading.Event()

    def response(self, handler: BaseHTTPRequestHandler) -> None:
        self.requests.append(f"{handler.command} {handler.path}")
        if handler.path == self.hanging:
            self.over.wait(10)
            return
        if handler.command == "GET":
            self._discovery(handler)
            return
        body = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
        form = {key: values[0] for key, values in parse_qs(body).items()}
        self.forms.append(form)
        refused = form["token_type_hint"] in self.refused
        send_json(handler, 400 if refused else 200, {}, {})

    def _discovery(self, handler: BaseHTTPRequestHandler) -> None:
        document = {name: value.format(self.origin) for name, value in self.offer.items()}
        if not self.dripping:
            send_json(handler, self.discovery_status, document, {})
            return
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not self.over.wait(0.05):
            handler.wfile.write(b" ")
            handler.wfile.flush()


def offering(endpoint: str = "{}" + REVOCATION_PATH) -> Identity:
    return Identity(issuer="{}", revocation_endpoint=endpoint)


@pytest.fixture
def revoked(tenant: Tenant) -> Callable[[Identity], str | None]:
    """Disconnect and revoke at this host; what the purge says of it in the end."""

    def run(identity: Identity) -> str | None:
        tenant.connect()
        with db.write() as session:
            purge = disconnect(session, tenant.engagement).purge
        with serving(identity.response) as url:
            identity.origin = url
            environment = {**settings(url), "TACIT_REVOCATION_SECONDS": str(identity.term)}
            bind(Config.from_env(environment))
            try:
                revocation.begin(purge.handle, GRANT).join(10)
            finally:
                identity.over.set()
        with db.read() as session:
            return session.get_one(Purge, purge.id).revocation

    return run


Run = Callable[[Identity], str | None]


def test_the_refresh_token_is_withdrawn_first_with_the_apps_credentials(revoked: Run) -> None:
    identity = offering()
    assert revoked(identity) == "revoked"
    assert identity.requests == [f"GET {DISCOVERY_PATH}", *[f"POST {REVOCATION_PATH}"] * 2]
    app = {"client_id": "client", "client_secret": "secret"}
    assert identity.forms == [
        {"token": "the refresh", "token_type_hint": "refresh_token", **app},
        {"token": "the access", "token_type_hint": "access_token", **app},
    ]


def test_the_receipt_states_that_pagerduty_offers_no_revocation(revoked: Run) -> None:
    identity = Identity(issuer="{}")
    assert revoked(identity) == "not_offered"
    assert identity.forms == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://evil.example/oauth/revoke",
        "{}/oauth/elsewhere",
        "{}/oauth/revoke?to=evil",
        "{}@evil.example/oauth/revoke",
        "",
    ],
)
def test_no_token_goes_to_another_place_than_ours_alone(revoked: Run, endpoint: str) -> None:
    identity = offering(endpoint)
    assert revoked(identity) == "failed"
    assert identity.forms == []
    assert identity.requests == [f"GET {DISCOVERY_PATH}"]


def test_a_document_that_is_none_is_a_failure(revoked: Run) -> None:
    identity = offering()
    identity.discovery_status = 503
    assert revoked(identity) == "failed"


@pytest.mark.parametrize("hint", ["refresh_token", "access_token"])
def test_revoked_is_stated_only_if_both_tokens_are(revoked: Run, hint: str) -> None:
    identity = offering()
    identity.refused = {hint}
    assert revoked(identity) == "failed"


@pytest.mark.parametrize("path", [DISCOVERY_PATH, REVOCATION_PATH])
def test_a_host_that_hangs_is_given_up_within_the_term(revoked: Run, path: str) -> None:
    identity = offering()
    identity.hanging, identity.term = path, SHORT
    began = time.monotonic()
    assert revoked(identity) == "failed"
    assert time.monotonic() - began < 5


def test_a_host_that_sends_slowly_is_given_up_too(revoked: Run) -> None:
    identity = offering()
    identity.dripping, identity.term = True, SHORT
    assert revoked(identity) == "failed"
    for thread in threading.enumerate():
        if thread.name.startswith(revocation.THREAD):
            thread.join(5)
            assert not thread.is_alive(), "the token is still in the memory of a thread"


def test_without_a_response_the_revocation_failed(tenant: Tenant) -> None:
    assert withdraw(GRANT.tokens(), SHORT) is Revocation.FAILED


@pytest.mark.parametrize(
    "stands", [{"revocation": "not_offered"}, {"state": "done", "epoch_mask": None}]
)
def test_an_outcome_is_noted_once_and_not_behind_a_receipt(
    tenant: Tenant, stands: dict[str, str | None]
) -> None:
    tenant.connect()
    with db.write() as session:
        purge = disconnect(session, tenant.engagement).purge
    with db.write() as session:
        session.execute(update(Purge).values(**stands))
    revocation.note(purge.handle, Revocation.REVOKED)
    with db.read() as session:
        assert session.get_one(Purge, purge.id).revocation == stands.get("revocation")
