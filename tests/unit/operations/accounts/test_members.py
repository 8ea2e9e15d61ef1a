"""A login reveals nothing about which addresses have an account."""

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from app.core.errors import LoginRefused
from app.extensions import db
from app.operations.accounts.members import authenticate
from tests.conftest import ON_SQLITE
from tests.unit.operations.conftest import Tenant

pytestmark = ON_SQLITE


def test_an_unknown_address_costs_the_hash_of_a_known_one(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = PasswordHasher()
    checked: list[str] = []

    def verify(_hasher: PasswordHasher, encoded: str, password: str) -> bool:
        checked.append(encoded)
        return usual_verify(usual, encoded, password)

    usual_verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", verify)
    with pytest.raises(LoginRefused), db.read() as session:
        authenticate(session, "unknown@firm.example", "a password", "network")
    (encoded,) = checked
    assert not usual.check_needs_rehash(encoded), "it has other parameters"
    with pytest.raises(VerifyMismatchError):
        usual_verify(usual, encoded, "a password")
