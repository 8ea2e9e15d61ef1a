"""The canaries of a run: what a second sandbox sends in response to every declared request.

It has the seed and the word of the product's sandbox. The requests are those that the declaration
allows, sent without code of the product: the responses are what a collection must have received.
"""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Flask
from werkzeug.test import Client, TestResponse

from collectors.manifest import RESOURCES
from collectors.resource import Resource, Span
from collectors.windows import RENDERED_AHEAD, wire
from proof.registry import SEED, Registry
from sandbox.application import create_sandbox
from sandbox.canaries import Mint
from sandbox.faults import Fault
from sandbox.settings import Settings
from sandbox.state import of

ERRORS = {
    2000: "/teams",
    2001: "/change_events",
    2002: "/priorities",
    2004: "/maintenance_windows",
    2005: "/business_services",
    2006: "/abilities",
    2010: "/users",
    2014: "/paused_incident_reports/counts",
    2016: "/oncalls",
    2020: "/incidents",
    2100: "/v3/schedules",
    2101: "/escalation_policies",
    0: "/schedules",
}
"""Where each error is planted, in the second sandbox as in the product's."""
HTML_AT = "/services"
STATUS = {2006: 401, 0: 403, 2010: 403, 2014: 402, 2016: 408, 2020: 429, 2100: 404, 2101: 405}
"""The status that an error's code comes with; any other comes with 400, and 2000 with 500."""
_REDIRECT = "http://127.0.0.1:8000/oauth/callback"
_SLICE = timedelta(days=3)
_MOST = 10_000
_VERIFIER = "v" * 64


@dataclass(frozen=True, slots=True)
class Stretch:
    """The times of a run: the window that is assessed, and the moment of the snapshot."""

    since: datetime
    until: datetime
    as_of: datetime


def status_of(code: int) -> int:
    """The status that an error's code comes with."""
    return 500 if code == 2000 else STATUS.get(code, 400)


def plant(settings: Settings, stretch: Stretch) -> Registry:
    """What the allow-listed calls answer for a run, OAuth and the error bodies."""
    registry = Registry(Mint(settings.seed, settings.canaries))
    app = create_sandbox(settings)
    asker = _Asker(app, registry)
    asker.log_in()
    parents: dict[str, list[str]] = {}
    for resource in RESOURCES:
        if resource.fallback:
            continue
        owners = parents[resource.parent] if resource.parent else [""]
        found = [one for owner in owners for one in asker.read(resource, owner, stretch)]
        parents[resource.name] = list(dict.fromkeys(found))
    for code, path in ERRORS.items():
        of(app).faults.plant(Fault("status", path, status=status_of(code), code=code))
        asker.get(path, path, [])
    of(app).faults.plant(Fault("html", HTML_AT))
    asker.get(HTML_AT, HTML_AT, [])
    return registry


class _Asker:
    def __init__(self, app: Flask, registry: Registry) -> None:
        self._http = Client(app)
        self._registry = registry
        self._client = of(app).provider.client
        self._token = ""

    def log_in(self) -> None:
        """The way of an authorizer, and of the code that comes back."""
        digest = hashlib.sha256(_VERIFIER.encode()).digest()
        parameters = {
            "client_id": self._client.client_id,
            "redirect_uri": self._client.redirect_uri,
            "response_type": "code",
            "scope": "read",
            "state": "s",
            "nonce": secrets.token_hex(8),
            "code_challenge_method": "S256",
            "code_challenge": urlsafe_b64encode(digest).decode().rstrip("="),
        }
        form = {"login": "admin", "decision": "allow"}
        back = self._http.post(f"/oauth/authorize?{urlencode(parameters)}", data=form)
        (code,) = parse_qs(urlsplit(str(back.location)).query)["code"]
        response = self._http.post(
            "/oauth/token",
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._client.redirect_uri,
                "client_id": self._client.client_id,
                "client_secret": self._client.client_secret,
                "code_verifier": _VERIFIER,
            },
        )
        body = response.get_json()
        self._token = body["access_token"]
        claims = urlsafe_b64decode(body["id_token"].split(".")[1] + "==")
        self._registry.read("/oauth/token", "/id_token", json.loads(claims))
        # Codes and tokens are new each time: the sandbox of the run lists its own.
        fresh = {"access_token", "refresh_token", "id_token"}
        kept = {key: value for key, value in body.items() if key not in fresh}
        self._registry.read("/oauth/token", "", kept)
        self._head("/oauth/token", response)

    def read(self, resource: Resource, owner: str, stretch: Stretch) -> list[str]:
        """Every record of a resource; the ids of them."""
        path = resource.path.replace("{id}", owner)
        found: list[str] = []
        for bounds in _bounds(resource, stretch):
            for query in _pages(resource, bounds):
                body = self.get(resource.path, path, query)
                records = body[resource.envelope]
                if isinstance(records, list):
                    found += [str(one["id"]) for one in records if "id" in one]
                if not resource.paged or not body.get("more"):
                    break
        return found

    def get(self, endpoint: str, path: str, query: list[tuple[str, str]]) -> Any:
        """One answer, all of it taken in."""
        headers = {"Authorization": f"Bearer {self._token}"}
        answer = self._http.get(f"{path}?{urlencode(query)}", headers=headers)
        self._head(endpoint, answer)
        if not answer.is_json:
            self._registry.text(endpoint, "", answer.get_data(as_text=True))
            return None
        body = answer.get_json()
        self._registry.read(endpoint, "", body)
        return body

    def _head(self, endpoint: str, answer: TestResponse) -> None:
        self._registry.text(endpoint, "reason", answer.status)
        for name, value in answer.headers:
            self._registry.text(endpoint, "header", f"{name}: {value}")


def _bounds(resource: Resource, stretch: Stretch) -> Iterator[tuple[datetime, datetime] | None]:
    if resource.span is Span.NONE:
        yield None
        return
    if resource.span is Span.RENDERED:
        yield stretch.since, stretch.as_of + RENDERED_AHEAD
        return
    end = stretch.until if resource.span is Span.WINDOW else stretch.as_of
    start = stretch.since
    if not resource.paged:
        longest = timedelta(days=resource.max_days or 90)
        yield max(start, end - longest), end
        return
    while start < end:
        yield start, min(start + _SLICE, end)
        start += _SLICE


def _pages(
    resource: Resource, bounds: tuple[datetime, datetime] | None
) -> Iterator[list[tuple[str, str]]]:
    query = [(key, one) for key, values in resource.fixed_values().items() for one in values]
    if bounds is not None:
        query += [("since", wire(bounds[0])), ("until", wire(bounds[1]))]
    if not resource.paged:
        yield query
        return
    for offset in range(0, _MOST, resource.page_size):
        yield [*query, ("limit", str(resource.page_size)), ("offset", str(offset))]


def settings_of(size: str, word: str, as_of: datetime, *, canary_ids: bool = True) -> Settings:
    """A sandbox of a run, in this process."""
    return Settings(
        size=size,
        seed=SEED,
        as_of=as_of,
        rate_limit=0,
        redirect_uri=_REDIRECT,
        canaries=word,
        canary_ids=canary_ids,
    )
