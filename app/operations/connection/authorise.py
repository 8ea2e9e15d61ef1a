"""Authorise: check what PagerDuty granted, and who allowed it, before anything is stored."""

from dataclasses import dataclass

import requests

from app.core.clock import now
from app.core.errors import ConnectRefused
from app.extensions import bound, identity_session, rest_session
from app.models import Engagement
from app.operations.connection.id_token import Account, verify
from app.operations.grant.grant import Grant, grant_of
from collectors.calls import Call, Counters
from collectors.client.client import PagerDutyClient
from collectors.client.rate_limits import LocalLimiter
from collectors.errors import CollectorError, NotAvailable
from collectors.identity import SIGNING_KEYS_PATH, TOKEN_PATH
from collectors.pseudonyms import Pseudonyms
from collectors.records import Rows
from collectors.resources.authorizer import AUTHORIZER, SEES_EVERYTHING
from collectors.vocabularies import ROLE

_ATTEMPTS = 2
_SCOPES = {"openid", "read"}


@dataclass(frozen=True, slots=True)
class Authorised:
    """The result of one OAuth flow, checked and not yet stored."""

    account: Account
    grant: Grant
    partial: bool
    extensions: tuple[str, ...] = ()
    """What the client allowed beyond the allow-list's core, by name."""
    calls: tuple[Call, ...] = ()
    """The requests it took."""


@dataclass(frozen=True, slots=True)
class _OneToken:
    """The fresh token, as the client wants it; there is nothing to refresh yet."""

    token: str

    def access_token(self, *, rejected: str | None = None) -> str:
        return self.token

    def __repr__(self) -> str:
        return "_OneToken(hidden)"


def authorise(
    engagement: Engagement, response: dict[str, object], nonce: str | None = None
) -> Authorised:
    """Scope, ID token, account and role of a token endpoint's response. Raises ConnectRefused."""
    check_scope(response.get("scope"))
    # Only a successful exchange gets here.
    exchange = Call("POST", TOKEN_PATH, now(), status=200)
    account = verify(response.get("id_token"), _signing_keys(), bound.config, nonce)
    check_subdomain(engagement, account)
    try:
        grant = grant_of(response)
    except (KeyError, ValueError):
        grant = None
    if grant is None:
        raise _unreachable()
    counters = Counters()
    partial = not _sees_everything(grant, account.region, counters)
    return Authorised(account, grant, partial, calls=(exchange, *counters.calls.every()))


def _unreachable() -> ConnectRefused:
    return ConnectRefused(
        "unreachable",
        "PagerDuty did not respond",
        "Nothing was stored. Connect again in a minute.",
    )


def _signing_keys() -> object:
    """Fetched on use: PagerDuty may rotate them at any time."""
    try:
        with identity_session() as client:
            url = bound.config.identity_url + SIGNING_KEYS_PATH
            response = client.get(url, withhold_token=True)
            keys: object = response.json() if response.status_code == 200 else None
    except (requests.RequestException, ValueError):
        keys = None
    if keys is None:
        raise _unreachable()
    return keys


def _sees_everything(grant: Grant, region: str, counters: Counters) -> bool:
    rows: Rows | None = None
    try:
        with PagerDutyClient(
            rest_session,
            bound.config.regions[region],
            _OneToken(grant.access_token),
            Pseudonyms(bytes(32)),
            LocalLimiter(),
            attempts=_ATTEMPTS,
            wait_for_limits=False,
            counters=counters,
        ) as client:
            rows = client.page(AUTHORIZER, {}).rows
    except NotAvailable:
        return False
    except CollectorError:
        rows = None
    if rows is None:
        raise _unreachable()
    found = rows.get(AUTHORIZER.schema.TABLE)
    role = found[0]["role"] if found else None
    return ROLE.by_code().get(role if isinstance(role, int) else 0) in SEES_EVERYTHING


def check_scope(scope: object) -> None:
    """PagerDuty grants a wrong scope as ``openid`` alone, without an error: so look."""
    granted = set(scope.split()) if isinstance(scope, str) else set()
    if granted != _SCOPES:
        title, remedy = _scope_refusal(granted)
        raise ConnectRefused("wrong_scope", title, f"Nothing was stored. {remedy}")


def _scope_refusal(granted: set[str]) -> tuple[str, str]:
    if granted > _SCOPES:
        return (
            "PagerDuty granted more than reading",
            (
                "Tacit takes no access that allows more than it needs. The app registered at "
                "PagerDuty must offer the scope read and no other; then connect again."
            ),
        )
    if not granted:
        return (
            "PagerDuty did not state what it granted",
            "Connect again. If it fails again, tell the operator.",
        )
    if "read" in granted and "openid" not in granted:
        return (
            "PagerDuty did not state whose account it is",
            (
                "It granted read without openid, which comes with every access. Connect again. "
                "If it fails again, tell the operator."
            ),
        )
    return (
        "PagerDuty did not grant reading",
        "The app registered at PagerDuty must offer the scope read; then connect again.",
    )


def check_subdomain(engagement: Engagement, account: Account) -> None:
    """The account must be the one that the engagement is about; ``acme`` may be in any region."""
    if engagement.subdomain not in {account.address, account.subdomain}:
        raise ConnectRefused(
            "wrong_account",
            "Another PagerDuty account was authorised",
            f"Nothing was stored. Log in to {engagement.subdomain}.pagerduty.com, log out of any "
            "other account, and connect again.",
        )
