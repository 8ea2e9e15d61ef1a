"""The ID token decides which account it is: one thing wrong with it, and nothing counts."""

import re
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
        {"account_id": ""},
        {"account_id": 7},
        {"subdomain": None},
        {"subdomain": ["acme"]},
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


@pytest.mark.parametrize("name", ["account_id", "subdomain"])
def test_null_is_not_the_account_none(name: str, config: Config) -> None:
    with pytest.raises(ConnectRefused):
        verify(_signed(_claims() | {name: None}), KEYS, config)


def _issued(seconds_from_now: int) -> str:
    moment = int(time.time()) + seconds_from_now
    return _signed(_claims(iat=moment, nbf=moment - 120, exp=moment + 3600))


@pytest.mark.parametrize("skew", [-50, 0, 50])
def test_a_minute_between_the_clocks_ends_no_connect(skew: int, config: Config) -> None:
    assert verify(_issued(skew), KEYS, config).account_id == "PACCT"


@pytest.mark.parametrize(
    ("skew", "words"), [(95, "seconds behind PagerDuty"), (-4000, "seconds ahead of PagerDuty")]
)
def test_clocks_that_differ_are_named_with_the_difference(
    skew: int, words: str, config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "tacit")
    with pytest.raises(ConnectRefused) as refused:
        verify(_issued(skew), KEYS, config)
    assert refused.value.code == "clocks_differ"
    assert words in refused.value.remedy
    found = int(re.findall(r"(\d+) seconds", refused.value.remedy)[0])
    assert abs(found - abs(skew)) < 10
    logged = [getattr(each, "tacit", {}) for each in caplog.records]
    assert [each["event"] for each in logged] == ["clocks_differ"]
    assert abs(logged[0]["seconds"] + skew) < 10


def test_another_signature_says_nothing_about_clocks(config: Config) -> None:
    with pytest.raises(ConnectRefused) as refused:
        verify(_signed(_claims(iat=int(time.time()) + 95), OTHER), KEYS, config)
    assert refused.value.code == "bad_id_token"


def test_the_nonce_is_compared_where_pagerduty_returns_one(config: Config) -> None:
    assert verify(_signed(_claims()), KEYS, config, "sent").subdomain == "acme"
    assert verify(_signed(_claims(nonce="sent")), KEYS, config, "sent").subdomain == "acme"
    for returned in ("another", "", 7):
        with pytest.raises(ConnectRefused) as refused:
            verify(_signed(_claims(nonce=returned)), KEYS, config, "sent")
        assert refused.value.code == "bad_id_token"
