"""Acts as the app and the admin's browser against an in-process sandbox."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sandbox.settings import SANDBOX_API_KEY, Settings

REDIRECT_URI = "http://127.0.0.1:8000/oauth/callback"
CLIENT = {"client_id": "app-1", "client_secret": "app-secret"}
SETTINGS = Settings(
    client_id=CLIENT["client_id"],
    client_secret=CLIENT["client_secret"],
    redirect_uri=REDIRECT_URI,
)


def challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


@dataclass
class Browser:
    app: Flask
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def http(self) -> FlaskClient:
        return self.app.test_client()

    def authorize(
        self, *, login: str = "admin", decision: str = "allow", **over: Any
    ) -> TestResponse:
        query = {
            "response_type": "code",
            "client_id": CLIENT["client_id"],
            "redirect_uri": REDIRECT_URI,
            "scope": "read",
            "state": "state-1",
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
            **over,
        }
        sent = {key: value for key, value in query.items() if value is not None}
        form = {"login": login, "decision": decision}
        return self.http.post("/oauth/authorize", query_string=sent, data=form)

    def callback(self, **how: Any) -> dict[str, str]:
        """The query of the redirect back to the app."""
        response = self.authorize(**how)
        assert response.status_code == 302, response.text
        assert response.location.startswith(REDIRECT_URI)
        query = parse_qs(urlsplit(response.location).query)
        return {key: values[0] for key, values in query.items()}

    def exchange(self, code: str, **over: str) -> TestResponse:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT_URI,
            "code_verifier": self.verifier,
            **CLIENT,
            **over,
        }
        return self.http.post("/oauth/token", data=form)

    def connect(self, **how: Any) -> dict[str, Any]:
        response = self.exchange(self.callback(**how)["code"])
        assert response.status_code == 200, response.text
        return cast("dict[str, Any]", response.json)

    def refresh(self, token: str) -> TestResponse:
        form = {"grant_type": "refresh_token", "refresh_token": token, **CLIENT}
        return self.http.post("/oauth/token", data=form)

    def get(self, path: str, token: str | None = None, **query: Any) -> TestResponse:
        """A REST call with an access token, or with the account's API key."""
        value = f"Bearer {token}" if token else f"Token token={SANDBOX_API_KEY}"
        headers = {"Authorization": value, "Accept": "application/vnd.pagerduty+json;version=2"}
        return self.http.get(path, query_string=query, headers=headers)

    def rows(self, name: str, token: str | None = None, **query: Any) -> list[dict[str, Any]]:
        response = self.get(f"/{name}", token, **query)
        assert response.status_code == 200, response.text
        return cast("list[dict[str, Any]]", response.get_json()[name])
