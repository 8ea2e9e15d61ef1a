"""What the identity side remembers: codes, delegations and tokens, in memory only."""

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import time

from sandbox.account.account import Authorizer
from sandbox.canaries import PREFIX, REST, WORD, Mint, token

CODE_SECONDS = 30
REFRESH_SECONDS = 210 * 86_400
GRANTED = "openid read"


@dataclass(frozen=True, slots=True)
class Client:
    """The one registered app: confidential, classic user OAuth with scope `read`."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """PagerDuty grants a wrong scope as `openid` alone, without an error."""
        if not scope:
            return None
        return GRANTED if set(scope.split()) - {"openid"} == {"read"} else "openid"

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(client_secret, self.client_secret)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method in {"client_secret_post", "client_secret_basic"}

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in {"authorization_code", "refresh_token"}


@dataclass(slots=True)
class Delegation:
    """One person's consent to the app; revoking it kills every token under it."""

    id: str
    person: Authorizer
    scope: str
    granted_at: float
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """An authorization code that was shown to nobody but the browser."""

    person: Authorizer
    redirect_uri: str
    scope: str
    code_challenge: str
    code_challenge_method: str
    nonce: str | None
    issued_at: float

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope


@dataclass(frozen=True, slots=True)
class Issued:
    """What an access or refresh token stands for."""

    delegation: Delegation
    expires_at: float

    @property
    def alive(self) -> bool:
        return not self.delegation.revoked and time() < self.expires_at

    def check_client(self, _client: Client) -> bool:
        return True

    def get_scope(self) -> str:
        return self.delegation.scope


class Vault:
    """Thread safe: of two uses of one code or refresh token, one finds nothing."""

    def __init__(self, mint: Mint | None = None) -> None:
        self._mint = mint
        self._lock = Lock()
        self._codes: dict[str, Code] = {}
        self._access: dict[str, Issued] = {}
        self._refresh: dict[str, Issued] = {}
        self.delegations: dict[str, Delegation] = {}

    def new_token(self, kind: str) -> str:
        """Looks like PagerDuty's (`0` access, `1` refresh) and is a canary as well."""
        prefix = self._mint.prefix if self._mint is not None else PREFIX + token(kind, WORD)
        return f"pdus+_{kind}{prefix}{token(secrets.token_hex(16), REST)}"

    def keep_code(self, text: str, code: Code) -> None:
        with self._lock:
            self._codes[text] = code

    def take_code(self, text: str) -> Code | None:
        with self._lock:
            code = self._codes.pop(text, None)
        return code if code and time() < code.issued_at + CODE_SECONDS else None

    def delegate(self, person: Authorizer, scope: str) -> Delegation:
        delegation = Delegation(str(uuid.uuid4()), person, scope, time())
        with self._lock:
            self.delegations[delegation.id] = delegation
        return delegation

    def keep_tokens(self, response: Mapping[str, object], delegation: Delegation) -> None:
        lifetime = int(str(response["expires_in"]))
        with self._lock:
            self._access[str(response["access_token"])] = Issued(delegation, time() + lifetime)
            self._refresh[str(response["refresh_token"])] = Issued(
                delegation, time() + REFRESH_SECONDS
            )

    def access(self, text: str) -> Issued | None:
        issued = self._access.get(text)
        return issued if issued and issued.alive else None

    def take_refresh(self, text: str) -> Issued | None:
        with self._lock:
            issued = self._refresh.pop(text, None)
        return issued if issued and issued.alive else None

    def find(self, text: str) -> Issued | None:
        """What a token stands for, of either kind, whether it is still alive or not."""
        return self._access.get(text) or self._refresh.get(text)

    def revoke(self, delegation_id: str | None) -> int:
        """Revokes one delegation, or all of them; returns how many were still alive."""
        with self._lock:
            chosen = [
                one
                for one in self.delegations.values()
                if delegation_id in {None, one.id} and not one.revoked
            ]
            for one in chosen:
                one.revoked = True
        return len(chosen)
