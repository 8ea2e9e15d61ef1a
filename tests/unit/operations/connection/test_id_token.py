"""The ID token decides which account it is: one thing wrong with it, and nothing counts."""

import time
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from app.core.config import Config
from app.core.errors import ConnectRefused
from app.operations.connection.id_token import Account, verify

IDENTITY = "https://identity.example"
API, API_EU = "https://api.example", "https://api.eu.example"
KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER = RSAKey.generate_key(2048, {"kid": "one"})
KEYS = KeySet([KEY]).as_dict(private=False)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config.from_env(
        {
            "TACIT_INSTANCE": str(tmp_path),
            "PAGERDUTY_CLIENT_ID": "client",
            "PAGERDUTY_IDENTITY_URL": IDENTITY,
            "PAGERDUTY_API_URL": API,
            "PAGERDUTY_API_EU_URL": API_EU,
        }
    )


def _claims(**changes: Any) -> dict[str, Any]:
    claims = {
        "iss": f"{IDENTITY}/global/oauth/anonymous",
        "aud": [API, "client"],
        "sub": "someone@client.example",
        "exp": int(time.time()) + 3600,
        "iat": int(time.time()),
        "account_id": "PACCT",
        "subdomain": "Acme",
        "region": "UnitedStates",
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def _signed(claims: dict[str, Any], key: RSAKey = KEY, kid: str = "one") -> str:
    return jwt.encode({"alg": "RS256", "kid": kid}, claims, key)


def test_a_valid_token_states_account_subdomain_and_region(config: Config) -> None:
    assert verify(_signed(_claims()), KEYS, config) == Account("PACCT", "acme", "us")


def test_the_audience_states_the_region(config: Config) -> None:
    assert verify(_signed(_claims(aud=["client", API_EU])), KEYS, config).region == "eu"


def test_the_issuer_of_older_tokens_is_taken(config: Config) -> None:
    issuer = "https://app.pagerduty.com/global/oauth/anonymous"
    assert verify(_signed(_claims(iss=issuer)), KEYS, config).region == "us"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example/global/oauth/anonymous"},
        {"iss": None},
        {"aud": [API, "another-client"]},
        {"aud": ["client"]},
        {"aud": ["client", "https://api.evil.example"]},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"account_id": None},
        {"subdomain": None},
    ],
    ids=str,
)
def test_one_wrong_claim_is_enough(changes: dict[str, Any], config: Config) -> None:
    with pytest.raises(ConnectRefused) as refused:
        verify(_signed(_claims(**changes)), KEYS, config)
    assert refused.value.code == "bad_id_token"
    assert refused.value.__context__ is None


def test_another_key_an_unknown_kid_and_other_algorithms_are_refused(config: Config) -> None:
    symmetric = jwt.encode({"alg": "HS256", "kid": "one"}, _claims(), OctKey.import_key("x" * 64))
    for bad in (
        _signed(_claims(), OTHER),
        _signed(_claims(), kid="two"),
        symmetric,
        "not.a.token",
        "",
        None,
    ):
        with pytest.raises(ConnectRefused):
            verify(bad, KEYS, config)
