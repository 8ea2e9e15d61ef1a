"""The ID token: proof of which PagerDuty account was authorised. In memory for one request only."""

from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from app.core.config import Config
from app.core.errors import ConnectRefused

_ISSUER_PATH = "/global/oauth/anonymous"
_OLD_ISSUER = "https://app.pagerduty.com/global/oauth/anonymous"
"""PagerDuty's own sample token carries it (developer docs, OAuth Functionality)."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is read of the ID token; the rest, perhaps an e-mail, is not read."""

    account_id: str
    subdomain: str
    region: str


def verify(id_token: object, keys: Any, config: Config) -> Account:
    """Check signature, issuer, audience and time. Raises ConnectRefused, storing nothing."""
    try:
        # KeySet picks by the header's kid; RS256 alone, or "none" and HMAC would pass.
        decoded = jwt.decode(str(id_token), KeySet.import_key_set(keys), algorithms=["RS256"])
        _registry(config).validate(decoded.claims)
        account = _account(decoded.claims, config)
    except (JoseError, ValueError, LookupError, TypeError):
        account = None
    if account is None:
        raise ConnectRefused(
            "bad_id_token",
            "PagerDuty's response could not be verified",
            "Nothing was stored. Connect again. If it fails again, tell the operator.",
        )
    return account


def _registry(config: Config) -> JWTClaimsRegistry:
    return JWTClaimsRegistry(
        leeway=60,
        iss={"essential": True, "values": [config.identity_url + _ISSUER_PATH, _OLD_ISSUER]},
        aud={"essential": True, "value": config.client_id},
        exp={"essential": True},
    )


def _account(claims: dict[str, Any], config: Config) -> Account:
    # The audience names the REST origin of the account's region (developer docs, OpenID Token).
    audience = {str(entry).rstrip("/") for entry in claims["aud"]}
    matching = [name for name, origin in config.regions.items() if origin in audience]
    return Account(str(claims["account_id"]), str(claims["subdomain"]).casefold(), matching[0])
