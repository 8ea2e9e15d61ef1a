"""The ID token: RS256, with the claims PagerDuty's documentation lists (OpenID Token)."""

import hashlib
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from time import time

from joserfc import jwt
from joserfc.jwk import RSAKey

from sandbox.account.account import Account
from sandbox.canaries import Mint
from sandbox.identity.vault import Delegation

ISSUER_PATH = "/global/oauth/anonymous"
LIFETIME = 3600
_KEY_BITS = 2048


@dataclass(frozen=True, slots=True)
class Signer:
    """With `mint` every claim that may say anything is a canary."""

    account: Account
    client_id: str
    key: RSAKey
    mint: Mint | None = None

    @classmethod
    def create(cls, account: Account, client_id: str) -> "Signer":
        key = RSAKey.generate_key(_KEY_BITS, {"use": "sig", "alg": "RS256"}, auto_kid=True)
        return cls(account, client_id, key)

    def jwks(self) -> dict[str, object]:
        return {"keys": [self.key.as_dict(private=False)]}

    def sign(
        self, origin: str, delegation: Delegation, access_token: str, nonce: str | None
    ) -> str:
        """`origin` is both the identity host and the REST base of this sandbox."""
        header = {"alg": "RS256", "typ": "JWT", "kid": self.key.kid, "x5t": self.key.kid}
        claims = {**self._claims(origin, delegation, access_token), **self._odd_claims()}
        if nonce:
            claims["nonce"] = nonce
        return jwt.encode(header, claims, self.key)

    def _odd_claims(self) -> dict[str, object]:
        mint = self.mint
        if mint is None:
            return {}
        names = ("jti", "sid", "purpose", "acr", "amr", "delegation_id", "name", "phone_number")
        odd: dict[str, object] = {
            name: mint.leaf("claim", name, f"/id_token/{name}") for name in names
        }
        odd[mint.leaf("claim", "key", "/id_token/key")] = mint.odd_number("/id_token")
        return odd

    def _claims(self, origin: str, delegation: Delegation, access_token: str) -> dict[str, object]:
        """`sub` is the person's e-mail address, as in one of PagerDuty's samples."""
        now = int(time())
        digest = hashlib.sha256(access_token.encode()).digest()
        return {
            "iss": origin + ISSUER_PATH,
            "aud": [origin, self.client_id],
            "sub": delegation.person.email,
            "iat": now,
            "nbf": now - 120,
            "exp": now + LIFETIME,
            "auth_time": now,
            "jti": str(uuid.uuid4()),
            "sid": str(uuid.uuid4()),
            "purpose": "id",
            "at_hash": urlsafe_b64encode(digest[:16]).decode().rstrip("="),
            "acr": "urn:se:curity:authentication:html-form:pagerduty",
            "amr": "urn:se:curity:authentication:html-form:pagerduty",
            "azp": self.client_id,
            "delegation_id": delegation.id,
            "account_id": self.account.id,
            "user_id": delegation.person.id,
            "subdomain": self.account.subdomain,
            "region": "UnitedStates",
        }
