"""Revoke tokens at PagerDuty (RFC 7009), where it offers that."""

import json
import time
from collections.abc import Mapping
from typing import Any

import requests

from app.extensions import bound, revocation_session
from app.models.purge import Revocation
from collectors.errors import CollectorError
from collectors.identity import DISCOVERY_PATH, REVOCATION_PATH

Tokens = Mapping[str, str]
"""By their type: ``refresh_token``, ``access_token``; an empty one is left out."""
_MOST_BYTES = 64 * 1024


def withdraw(tokens: Tokens, seconds: float) -> Revocation:
    """Discovery, then the refresh token and the access token, as RFC 7009 says; never raises."""
    deadline = time.monotonic() + seconds
    try:
        with revocation_session(seconds) as client:
            document = _discovered(client, deadline)
            if document is None:
                return Revocation.FAILED
            named = document.get("revocation_endpoint")
            if named is None:
                return Revocation.NOT_OFFERED
            url = bound.config.identity_url + REVOCATION_PATH
            if named == url and _withdrawn(client, url, tokens, deadline):
                return Revocation.REVOKED
    except (requests.RequestException, CollectorError, ValueError):
        pass
    return Revocation.FAILED


def _discovered(client: requests.Session, deadline: float) -> dict[str, Any] | None:
    url = bound.config.identity_url + DISCOVERY_PATH
    with client.get(url, stream=True, allow_redirects=False) as response:
        if response.status_code != 200:
            return None
        body = b""
        for piece in response.iter_content(4096):
            body += piece
            if len(body) > _MOST_BYTES or time.monotonic() > deadline:
                return None
    found = json.loads(body)
    return found if isinstance(found, dict) else None


def _withdrawn(client: requests.Session, url: str, tokens: Tokens, deadline: float) -> bool:
    """The refresh token first: it is what new access tokens are made with."""
    for hint in ("refresh_token", "access_token"):
        token = tokens[hint]
        if not token:
            continue
        form = {
            "token": token,
            "token_type_hint": hint,
            "client_id": bound.config.client_id,
            "client_secret": bound.config.client_secret,
        }
        # The status is all that counts (RFC 7009, 2.2): a body is not read.
        with client.post(url, data=form, stream=True, allow_redirects=False) as response:
            if response.status_code != 200 or time.monotonic() > deadline:
                return False
    return True
