"""The identity side keeps PagerDuty's OAuth rules."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.unit.sandbox.sandbox_browser import CLIENT, REDIRECT_URI, Browser

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_an_admin_who_allows_gives_the_app_tokens_in_pagerdutys_shape(browser: Browser) -> None:
    back = browser.callback()
    assert back["state"] == "state-1"
    response = browser.exchange(back["code"]).get_json()
    assert set(response) == {
        "client_info",
        "id_token",
        "token_type",
        "access_token",
        "refresh_token",
        "scope",
        "expires_in",
    }
    assert (response["token_type"], response["scope"]) == ("bearer", "openid read")
    assert response["expires_in"] == 864_000
    assert response["access_token"].startswith("pdus+_0")


def test_the_id_token_is_signed_and_names_account_and_audience(browser: Browser) -> None:
    response = browser.connect(nonce="n-1")
    found = browser.http.get("/global/oauth/anonymous/.well-known/openid-configuration").get_json()
    keys = browser.http.get(found["jwks_uri"].removeprefix("http://localhost")).get_json()
    assert "d" not in keys["keys"][0]
    token = jwt.decode(response["id_token"], KeySet.import_key_set(keys), algorithms=["RS256"])
    claims = token.claims
    assert token.header["kid"] == keys["keys"][0]["kid"]
    assert claims["iss"] == found["issuer"] == "http://localhost/global/oauth/anonymous"
    assert claims["aud"] == ["http://localhost", CLIENT["client_id"]]
    assert (claims["subdomain"], claims["region"]) == ("acme", "UnitedStates")
    assert claims["sub"].startswith("CNRY")
    assert claims["sub"].endswith("@example.com")
    assert claims["nonce"] == "n-1"
    assert claims["exp"] - claims["iat"] == 3600
    assert {"account_id", "user_id", "delegation_id"} <= set(claims)


def test_denial_sends_the_browser_back_with_access_denied(browser: Browser) -> None:
    back = browser.callback(decision="deny")
    assert back["error"] == "access_denied"
    assert back["state"] == "state-1"
    denied = "The resource owner or authorization server denied the request"
    assert back["error_description"].startswith(denied)
    assert "code" not in back


@pytest.mark.parametrize(("seconds", "status"), [(29, 200), (30, 400)])
def test_a_code_lives_for_just_under_thirty_seconds(
    browser: Browser, seconds: int, status: int
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        code = browser.callback()["code"]
        clock.shift(timedelta(seconds=seconds))
        response = browser.exchange(code)
    assert response.status_code == status
    assert response.get_json().get("error") == (None if status == 200 else "invalid_grant")


def test_a_code_works_once(browser: Browser) -> None:
    code = browser.callback()["code"]
    assert browser.exchange(code).status_code == 200
    assert browser.exchange(code).get_json()["error"] == "invalid_grant"


def test_a_wrong_verifier_gets_nothing_and_spends_the_code(browser: Browser) -> None:
    code = browser.callback()["code"]
    wrong = browser.exchange(code, code_verifier=secrets.token_urlsafe(48))
    assert wrong.get_json()["error"] == "invalid_grant"
    assert browser.exchange(code).status_code == 400


@pytest.mark.parametrize(
    "over",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": None},
        {"code_challenge_method": "plain"},
    ],
)
def test_no_code_without_pkce_s256(browser: Browser, over: dict[str, str | None]) -> None:
    back = browser.callback(**over)
    assert back["error"] == "invalid_request"
    assert "code" not in back


@pytest.mark.parametrize(
    ("requested", "granted"),
    [
        ("read", "openid read"),
        ("openid read", "openid read"),
        ("write", "openid"),
        ("read write", "openid"),
        ("Read", "openid"),
        ("openid", "openid"),
    ],
)
def test_a_wrong_scope_is_granted_as_openid_without_an_error(
    browser: Browser, requested: str, granted: str
) -> None:
    assert browser.connect(scope=requested)["scope"] == granted


def test_a_token_without_read_is_refused_by_every_rest_call(browser: Browser) -> None:
    token = browser.connect(scope="write")["access_token"]
    response = browser.get("/services", token)
    assert response.status_code == 403
    assert response.get_json()["error"]["required_scopes"] == "read"


def test_refreshing_rotates_the_refresh_token(browser: Browser) -> None:
    first = browser.connect()
    second = browser.refresh(first["refresh_token"]).get_json()
    assert "id_token" not in second
    assert second["scope"] == "openid read"
    assert second["refresh_token"] != first["refresh_token"]
    assert browser.get("/abilities", second["access_token"]).status_code == 200
    again = browser.refresh(first["refresh_token"])
    assert (again.status_code, again.get_json()["error"]) == (400, "invalid_grant")
    assert browser.refresh(second["refresh_token"]).status_code == 200


def test_an_access_token_expires_after_its_stated_lifetime(start: Callable[..., Browser]) -> None:
    browser = start(access_token_seconds=60)
    with time_machine.travel(NOW, tick=False) as clock:
        token = browser.connect()["access_token"]
        clock.shift(timedelta(seconds=59))
        assert browser.get("/abilities", token).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert browser.get("/abilities", token).status_code == 401


def test_revoking_ends_access_and_refresh_at_once(browser: Browser) -> None:
    kept = browser.connect()
    assert "Revoke" in browser.http.get("/account/apps").text
    browser.http.post("/account/apps/revoke")
    response = browser.get("/services", kept["access_token"])
    assert (response.status_code, response.get_json()["error"]["code"]) == (401, 2006)
    assert browser.refresh(kept["refresh_token"]).get_json()["error"] == "invalid_grant"
    assert "Revoke<" not in browser.http.get("/account/apps").text


def test_one_grant_is_revoked_and_the_other_goes_on(browser: Browser) -> None:
    gone, kept = browser.connect(), browser.connect(login="limited_user")
    claims = jwt.decode(gone["id_token"], browser.app.extensions["sandbox"].provider.signer.key)
    form = {"delegation_id": claims.claims["delegation_id"]}
    browser.http.post("/account/apps/revoke", data=form)
    assert browser.get("/services", gone["access_token"]).status_code == 401
    assert browser.get("/services", kept["access_token"]).status_code == 200


def test_a_withdrawn_token_of_either_kind_ends_its_grant(start: Callable[..., Browser]) -> None:
    browser = start(revocation=True)
    discovery = browser.http.get("/global/oauth/anonymous/.well-known/openid-configuration")
    assert discovery.get_json()["revocation_endpoint"] == "http://localhost/oauth/revoke"
    for kind in ("access_token", "refresh_token"):
        gone, kept = browser.connect(), browser.connect(login="limited_user")
        form = {**CLIENT, "token": gone[kind], "token_type_hint": kind}
        guess = {**form, "client_secret": "guess"}
        assert browser.http.post("/oauth/revoke", data=guess).status_code == 401
        assert browser.get("/services", gone["access_token"]).status_code == 200
        assert browser.http.post("/oauth/revoke", data=form).status_code == 200
        assert browser.get("/services", gone["access_token"]).status_code == 401
        assert browser.refresh(gone["refresh_token"]).get_json()["error"] == "invalid_grant"
        assert browser.get("/services", kept["access_token"]).status_code == 200
        unknown = {**form, "token": "nobody's"}
        assert browser.http.post("/oauth/revoke", data=unknown).status_code == 200


def test_without_the_switch_nothing_can_be_withdrawn_as_at_pagerduty(browser: Browser) -> None:
    kept = browser.connect()
    discovery = browser.http.get("/global/oauth/anonymous/.well-known/openid-configuration")
    assert "revocation_endpoint" not in discovery.get_json()
    form = {**CLIENT, "token": kept["refresh_token"]}
    assert browser.http.post("/oauth/revoke", data=form).status_code == 404
    assert browser.get("/services", kept["access_token"]).status_code == 200


def test_a_foreign_redirect_or_client_is_never_redirected_to(browser: Browser) -> None:
    for over in ({"redirect_uri": "https://evil.example/cb"}, {"client_id": "app-2"}):
        response = browser.authorize(**over)
        assert response.status_code == 400
        assert "Location" not in response.headers


def test_the_token_endpoint_wants_the_secret_by_form_or_basic(browser: Browser) -> None:
    wrong = browser.exchange(browser.callback()["code"], client_secret="guess")
    assert (wrong.status_code, wrong.get_json()["error"]) == (401, "invalid_client")
    form = {
        "grant_type": "authorization_code",
        "code": browser.callback()["code"],
        "redirect_uri": REDIRECT_URI,
        "code_verifier": browser.verifier,
    }
    basic = (CLIENT["client_id"], CLIENT["client_secret"])
    assert browser.http.post("/oauth/token", data=form, auth=basic).status_code == 200


def test_a_person_logs_in_before_the_consent(browser: Browser) -> None:
    query = {
        "response_type": "code",
        "client_id": CLIENT["client_id"],
        "redirect_uri": REDIRECT_URI,
        "scope": "read",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
    }
    client = browser.http
    assert "Log in as admin" in client.get("/oauth/authorize", query_string=query).text
    client.post("/oauth/authorize", query_string=query, data={"login": "limited_user"})
    cookie = client.get_cookie("pd_sandbox")
    assert cookie is not None
    page = client.get("/oauth/authorize", query_string=query).text
    assert "limited user" in page
    assert 'value="allow"' in page
    assert "code=" not in page
