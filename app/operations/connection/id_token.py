"""The ID token: proof of which PagerDuty account was authorised. In memory for one request only."""

import time
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from app.core.config import Config
from app.core.errors import ConnectRefused
from app.core.logs import Event, event

_ISSUER_PATH = "/global/oauth/anonymous"
_OLD_ISSUER = "https://app.pagerduty.com/global/oauth/anonymous"
"""PagerDuty's own sample token carries it (developer docs, OAuth Functionality)."""

LEEWAY_SECONDS = 60
"""Between the two clocks, as OpenID Connect libraries allow."""
_LATEST = 2**40


@dataclass(frozen=True, slots=True)
class Account:
    """What is read of the ID token; the rest, perhaps an e-mail, is not read."""

    account_id: str
    subdomain: str
    region: str

    @property
    def address(self) -> str:
        """What stands before ``.pagerduty.com``."""
        return f"{self.subdomain}.eu" if self.region == "eu" else self.subdomain


def verify(id_token: object, keys: Any, config: Config, nonce: str | None = None) -> Account:
    """Check signature, issuer, audience, time and nonce. Raises ConnectRefused, storing nothing.

    PagerDuty does not document a nonce: a token without one passes, one with another does not.
    """
    account, claims = None, None
    try:
        # KeySet picks by the header's kid; RS256 alone, or "none" and HMAC would pass.
        decoded = jwt.decode(str(id_token), KeySet.import_key_set(keys), algorithms=["RS256"])
        claims = decoded.claims
        _registry(config).validate(claims)
        if claims.get("nonce", nonce) == nonce:
            account = _account(claims, config)
    except (JoseError, ValueError, LookupError, TypeError):
        account = None
    if account is None:
        raise _clocks_differ(claims) or ConnectRefused(
            "bad_id_token",
            "PagerDuty's response could not be verified",
            "Nothing was stored. Connect again. If it fails again, tell the operator.",
        )
    return account


def _clocks_differ(claims: dict[str, Any] | None) -> ConnectRefused | None:
    """A signed token that was issued just now, but at another time by this machine's clock."""
    issued = claims.get("iat") if claims else None
    if not isinstance(issued, int) or not 0 < issued < _LATEST:
        return None
    ahead = round(time.time()) - issued
    if abs(ahead) <= LEEWAY_SECONDS:
        return None
    event(Event.CLOCKS_DIFFER, seconds=ahead)
    words = "ahead of" if ahead > 0 else "behind"
    return ConnectRefused(
        "clocks_differ",
        "The clocks of PagerDuty and of this installation differ",
        f"Nothing was stored. The clock of the machine that Tacit runs on is {abs(ahead)} seconds "
        f"{words} PagerDuty's; up to {LEEWAY_SECONDS} are accepted. The operator must set it "
        "right, then connect again.",
    )


def _registry(config: Config) -> JWTClaimsRegistry:
    return JWTClaimsRegistry(
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "values": [config.identity_url + _ISSUER_PATH, _OLD_ISSUER]},
        aud={"essential": True, "value": config.client_id},
        exp={"essential": True},
    )


def _account(claims: dict[str, Any], config: Config) -> Account:
    """Raises KeyError, IndexError, ValueError for claims that name no account."""
    account_id, subdomain = claims["account_id"], claims["subdomain"]
    if not all(isinstance(each, str) and each for each in (account_id, subdomain)):
        raise ValueError("no account")
    # The audience names the REST origin of the account's region (developer docs, OpenID Token).
    audience = {str(entry).rstrip("/") for entry in claims["aud"]}
    matching = [name for name, origin in config.regions.items() if origin in audience]
    return Account(account_id, subdomain.casefold().removesuffix(".eu"), matching[0])
