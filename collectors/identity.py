"""The calls to PagerDuty's identity host: what each is for, and what of its response is kept."""

from dataclasses import dataclass

TOKEN_PATH = "/oauth/token"  # noqa: S105 - where tokens come from
SIGNING_KEYS_PATH = "/global/oauth/anonymous/jwks"
DISCOVERY_PATH = "/global/oauth/anonymous/.well-known/openid-configuration"
"""Where PagerDuty lists what its identity host offers (developer docs, OpenID Token)."""
REVOCATION_PATH = "/oauth/revoke"
"""The only address a token is sent to for its revocation; no document can name another."""


@dataclass(frozen=True, slots=True)
class IdentityCall:
    """One request of the OAuth client; it has no query."""

    method: str
    path: str
    purpose: str
    kept: str
    """What is stored of the response, in words."""


IDENTITY_CALLS = (
    IdentityCall(
        "POST",
        TOKEN_PATH,
        "At the connect, the code for the tokens; later, new tokens for old ones.",
        "The tokens, sealed, until the disconnect. Of the ID token: the account as a pseudonym, "
        "and its region.",
    ),
    IdentityCall(
        "GET",
        SIGNING_KEYS_PATH,
        "At the connect, the public keys that the ID token is checked with.",
        "Nothing.",
    ),
    IdentityCall(
        "GET",
        DISCOVERY_PATH,
        "At the end, whether PagerDuty offers to withdraw a token.",
        "Whether it does.",
    ),
    IdentityCall(
        "POST",
        REVOCATION_PATH,
        "At the end, where it is offered, the tokens themselves, so that PagerDuty withdraws them.",
        "Whether it was accepted.",
    ),
)
