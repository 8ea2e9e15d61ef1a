"""Every route is guarded, and every answer carries the headers that keep a page to itself."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.core.config import DEMO_EMAIL, Config
from app.extensions import db
from app.models import Base, WebSession
from app.operations.accounts.members import ensure_demo_member
from app.web import create_app
from tests.factories.accounts import PASSWORD, add_engagement, add_member
from tests.unit.views.conftest import csrf

CLIENT = {
    "client.allow_list",
    "client.confirm_disconnect",
    "client.disconnect",
    "client.export",
    "client.page",
    "client.receipt",
    "client.requests",
    "client.statement",
}
"""Open without a login, for a client has none: a secret of 256 bits in the address opens them, and
``test_client_pages`` says what it opens."""
PUBLIC = CLIENT | {
    "auth.login",
    "client.schema",
    "deletions.ledger_file",
    "deletions.ledger_keys",
    "deletions.page",
    "deletions.verifier",
    "health.alive",
    "health.ready",
    "pages.home",
    "pages.method",
    "pages.privacy",
    "static",
}
HANDLE = "0123456789abcdef"


@pytest.fixture
def app(sqlite_settings: dict[str, str]) -> Iterator[Flask]:
    made = create_app(Config.from_env(sqlite_settings))
    with db.write() as session:
        for firm in ("own", "foreign"):
            member = add_member(session, firm, f"{firm}@firm.example")
            add_engagement(session, member.firm_id, f"Client of {firm}")
    yield made
    db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def _log_in(client: FlaskClient, who: str = "own") -> None:
    form = {"csrf_token": csrf(client), "email": f"{who}@firm.example", "password": PASSWORD}
    assert client.post("/login", data=form).status_code == 303


def _address(rule: Rule) -> str:
    return re.sub(r"<[^>]+>", HANDLE, rule.rule)


def _rules(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_only_the_named_pages_are_open_to_all(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    for rule, method in _rules(app):
        if rule.endpoint in PUBLIC:
            continue
        response = client.open(_address(rule), method=method)
        assert response.status_code == 303, rule
        assert response.headers["Location"] == "/login"


def test_nothing_changes_without_the_token_of_the_form(app: Flask, client: FlaskClient) -> None:
    _log_in(client)
    for rule, method in _rules(app):
        if method != "GET":
            assert client.open(_address(rule), method=method).status_code == 400, rule


def test_a_foreign_engagement_looks_like_one_that_is_missing(
    app: Flask, client: FlaskClient
) -> None:
    stranger = app.test_client()
    _log_in(client)
    _log_in(stranger, "foreign")
    app.config["WTF_CSRF_ENABLED"] = False
    own = re.search(r"/engagements/([0-9a-f]{16})", client.get("/engagements").text)
    assert own
    for rule, method in _rules(app):
        if "<" not in rule.rule or rule.endpoint in CLIENT | {"static"}:
            continue
        foreign = stranger.open(_address(rule).replace(HANDLE, own.group(1), 1), method=method)
        missing = stranger.open(_address(rule), method=method)
        assert foreign.status_code == missing.status_code == 404, rule
        assert foreign.text == missing.text


def test_every_answer_carries_the_headers(app: Flask, client: FlaskClient) -> None:
    _log_in(client)
    for rule, method in _rules(app):
        headers = client.open(_address(rule), method=method).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert rule.endpoint == "static" or headers["Cache-Control"] == "no-store"


def test_no_page_names_a_third_party_or_runs_inline_code(app: Flask, client: FlaskClient) -> None:
    _log_in(client)
    for rule, method in _rules(app):
        if method != "GET" or rule.endpoint == "static":
            continue
        text = client.get(_address(rule)).text
        assert not re.search(r"""(src|href|action)=["'](https?:)?//""", text), rule
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text), rule
        assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", text), rule


def test_the_cookie_is_a_number_that_scripts_cannot_read(client: FlaskClient) -> None:
    csrf(client)
    response = client.post(
        "/login",
        data={
            "csrf_token": csrf(client),
            "email": "own@firm.example",
            "password": PASSWORD,
        },
    )
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "own" not in cookie


def test_a_login_gives_the_browser_a_new_number_and_a_logout_ends_it(client: FlaskClient) -> None:
    token = csrf(client)
    before = client.get_cookie("tacit")
    _log_in(client)
    after = client.get_cookie("tacit")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    token = csrf(client, "/engagements/new")
    client.post("/logout", data={"csrf_token": token})
    client.set_cookie("tacit", after.value)
    assert client.get("/engagements").status_code == 303
    with db.read() as session:
        assert after.value not in str(session.query(WebSession.token_hash).all())


def test_passwords_are_guessed_ten_times_and_no_more(client: FlaskClient) -> None:
    codes = []
    for _ in range(12):
        form = {"csrf_token": csrf(client), "email": "own@firm.example", "password": "wrong"}
        codes.append(client.post("/login", data=form).status_code)
    assert codes == [401] * 10 + [429] * 2


def test_an_unknown_address_is_answered_like_a_wrong_password(client: FlaskClient) -> None:
    answers = []
    for email in ("own@firm.example", "nobody@firm.example"):
        form = {"csrf_token": csrf(client), "email": email, "password": "wrong"}
        response = client.post("/login", data=form)
        answers.append((response.status_code, re.sub(r'value="[^"]*"', "", response.text)))
    assert answers[0] == answers[1]


def test_an_error_page_reveals_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise RuntimeError("CNRYerror")

    monkeypatch.setitem(app.view_functions, "pages.privacy", fail)
    fail.__dict__["open_to_all"] = True
    response = app.test_client().get("/privacy")
    assert response.status_code == 500
    assert "CNRYerror" not in response.text


def test_behind_tls_a_login_works_without_a_referer(sqlite_settings: dict[str, str]) -> None:
    made = create_app(
        Config.from_env(
            {
                **sqlite_settings,
                "TACIT_BASE_URL": "https://tacit.example.com",
                "TACIT_TRUSTED_PROXIES": "1",
            }
        )
    )
    with db.write() as session:
        add_member(session, "own", "own@firm.example")
    browser = made.test_client()
    proxied = {"base_url": "https://tacit.example.com"}
    page = browser.get("/login", **proxied).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    form = {"csrf_token": token.group(1), "email": "own@firm.example", "password": PASSWORD}
    response = browser.post("/login", data=form, **proxied)
    assert response.status_code == 303
    assert response.headers["Set-Cookie"].startswith("__Host-tacit=")
    assert "Secure" in response.headers["Set-Cookie"]
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert browser.post("/logout", headers=foreign, **proxied).status_code == 400
    db.engine.dispose()


def test_the_demo_login_opens_nothing_outside_a_sandbox(sqlite_settings: dict[str, str]) -> None:
    made = create_app(Config.from_env(sqlite_settings))
    with db.write() as session:
        ensure_demo_member(session, email=DEMO_EMAIL, password=PASSWORD)
    browser = made.test_client()
    form = {"csrf_token": csrf(browser), "email": DEMO_EMAIL, "password": PASSWORD}
    assert browser.post("/login", data=form).status_code == 401
    db.engine.dispose()


def test_without_a_database_probes_and_error_pages_still_answer(
    app: Flask, client: FlaskClient
) -> None:
    _log_in(client)
    Base.metadata.drop_all(db.engine)
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.get("/engagements").status_code in {303, 503}


@pytest.mark.parametrize(
    "window",
    [
        {"since": "0001-01-01", "until": "2024-01-02"},
        {"since": "2024-01-01", "until": "9999-12-31"},
        {"since": "2024-02-01", "until": "2024-01-01"},
        {"since": "nonsense", "until": ""},
    ],
)
def test_an_impossible_window_is_explained(client: FlaskClient, window: dict[str, str]) -> None:
    _log_in(client)
    form = {
        "csrf_token": csrf(client, "/engagements/new"),
        "client_name": "Acme",
        "subdomain": "acme",
        "period": "typed",
        "time_zone": "Asia/Tokyo",
        **window,
    }
    assert client.post("/engagements/new", data=form).status_code == 400
