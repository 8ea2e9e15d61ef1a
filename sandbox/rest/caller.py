"""Who sends a request: `Authorization: Bearer` for OAuth tokens, `Token token=` for an API key."""

from dataclasses import dataclass

from werkzeug.wrappers import Request

from sandbox.account.account import Authorizer
from sandbox.errors import ACCESS_DENIED, BAD_REQUEST, MISSING_SCOPE, RefusalError
from sandbox.identity.vault import Vault
from sandbox.settings import SANDBOX_API_KEY

_VERSION = "application/vnd.pagerduty+json;version=2"
_ANY = {"*/*", "application/json", _VERSION}


@dataclass(frozen=True, slots=True)
class Caller:
    """`person` is None for the account's API key; `budget` is what the rate limit counts by."""

    budget: str
    person: Authorizer | None

    @property
    def sees_private(self) -> bool:
        return self.person is None or self.person.role == "admin"


def identify(request: Request, vault: Vault) -> Caller:
    """Raises RefusalError 401 for no, unknown, expired or revoked credentials, 403 where the
    token lacks the scope `read`."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Token" and value == f"token={SANDBOX_API_KEY}":
        return Caller("api key", None)
    issued = vault.access(value) if scheme == "Bearer" else None
    if issued is None:
        raise RefusalError(401, 2006, "Credentials are missing or not valid.")
    if "read" not in issued.get_scope().split():
        raise RefusalError(ACCESS_DENIED, MISSING_SCOPE, "The token lacks a scope.")
    return Caller(issued.delegation.person.id, issued.delegation.person)


def check_version(request: Request) -> None:
    """Version 2 is the default of a token of today; no other version exists."""
    accept = request.headers.get("Accept") or "*/*"
    kinds = {kind.strip().replace("; ", ";") for kind in accept.split(",")}
    if kinds.isdisjoint(_ANY):
        raise RefusalError(BAD_REQUEST, 2001, "Version 2 is the only one served.")
