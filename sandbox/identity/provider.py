"""PagerDuty's OAuth rules on Authlib's authorization server.

Differences from plain RFC 6749, all documented by PagerDuty: a code lives 30 seconds, PKCE
means S256, a scope the app has not is granted as `openid`, `openid` comes with every token,
and a refresh answers a new refresh token (here the old one dies with its use).
"""

from time import time
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import InvalidRequestError, grants
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from flask import Flask, Response, current_app, json, request

from sandbox.account.account import Authorizer
from sandbox.errors import ErrorBodies
from sandbox.identity.id_token import Signer
from sandbox.identity.vault import Client, Code, Issued, Vault

CLIENT_INFO = "prefix_legacy_app"
_ERROR = 400


class StrictPkce(CodeChallenge):  # type: ignore[misc] # Authlib has no types
    """Authlib lets a confidential client go without, and takes `plain`."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("A code_challenge with method S256 is required")
        super().validate_code_challenge(grant, redirect_uri)


class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc] # Authlib has no types
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_post", "client_secret_basic")

    def generate_authorization_code(self) -> str:
        made: str = self.server.vault.new_token("c")
        return made.removeprefix("pdus+_")

    def save_authorization_code(self, code: str, oauth: Any) -> None:
        data = oauth.payload.data
        kept = Code(
            person=oauth.user,
            redirect_uri=oauth.payload.redirect_uri or oauth.client.redirect_uri,
            scope=oauth.scope,
            code_challenge=data["code_challenge"],
            code_challenge_method=data["code_challenge_method"],
            nonce=data.get("nonce"),
            issued_at=time(),
        )
        self.server.vault.keep_code(code, kept)

    def query_authorization_code(self, code: str, _client: Client) -> Code | None:
        """Taking it here, not after the answer, is what makes it single use."""
        taken: Code | None = self.server.vault.take_code(code)
        return taken

    def delete_authorization_code(self, _code: Code) -> None:
        """Gone since it was looked up."""

    def authenticate_user(self, code: Code) -> Authorizer:
        return code.person


class RefreshGrant(grants.RefreshTokenGrant):  # type: ignore[misc] # Authlib has no types
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_post", "client_secret_basic")
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Issued | None:
        taken: Issued | None = self.server.vault.take_refresh(refresh_token)
        return taken

    def authenticate_user(self, issued: Issued) -> Authorizer:
        return issued.delegation.person

    def revoke_old_credential(self, _issued: Issued) -> None:
        """Gone since it was looked up."""


class Revocation(RevocationEndpoint):  # type: ignore[misc] # Authlib has no types
    """RFC 7009; any token ends the complete grant, as PagerDuty's own page does."""

    CLIENT_AUTH_METHODS = ("client_secret_post", "client_secret_basic")

    def query_token(self, token_string: str, _hint: str | None) -> Issued | None:
        found: Issued | None = self.server.vault.find(token_string)
        return found

    def revoke_token(self, issued: Issued, _request: Any) -> None:
        self.server.vault.revoke(issued.delegation.id)


class Provider(AuthorizationServer):  # type: ignore[misc] # Authlib has no types
    def __init__(
        self,
        app: Flask,
        client: Client,
        signer: Signer,
        errors: ErrorBodies,
        vault: Vault,
        *,
        lifetime: int,
    ) -> None:
        self.client = client
        self.signer = signer
        self.vault = vault
        self.errors = errors
        self.lifetime = lifetime
        super().__init__(app, self._find_client, self._save_token)
        self.register_grant(CodeGrant, [StrictPkce()])
        self.register_grant(RefreshGrant)
        self.register_endpoint(Revocation)
        self.register_token_generator("default", self._generate)

    def _find_client(self, client_id: str) -> Client | None:
        return self.client if client_id == self.client.client_id else None

    def _generate(self, *, client: Client, scope: str, **_: object) -> dict[str, object]:
        return {
            "client_info": CLIENT_INFO,
            "token_type": "bearer",
            "access_token": self.vault.new_token("0"),
            "refresh_token": self.vault.new_token("1"),
            "scope": client.get_allowed_scope(scope),
            "expires_in": self.lifetime,
        }

    def _save_token(self, token: dict[str, object], oauth: Any) -> None:
        """Adds the ID token, which only the answer to a code carries."""
        if oauth.payload.grant_type == RefreshGrant.GRANT_TYPE:
            delegation = oauth.refresh_token.delegation
        else:
            delegation = self.vault.delegate(oauth.user, str(token["scope"]))
            origin, nonce = request.host_url.rstrip("/"), oauth.authorization_code.nonce
            access = str(token["access_token"])
            token["id_token"] = self.signer.sign(origin, delegation, access, nonce)
        self.vault.keep_tokens(token, delegation)

    def handle_response(self, status: int, payload: Any, headers: Any) -> Response:
        if status >= _ERROR and isinstance(payload, dict):
            description = payload.get("error_description", "")
            payload["error_description"] = f"{description} {self.errors.oauth()}"
        body = json.dumps(payload) if isinstance(payload, dict) else payload
        return current_app.response_class(body, status=status, headers=headers)
