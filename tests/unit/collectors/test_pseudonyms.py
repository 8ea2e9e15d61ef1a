"""Pseudonyms: keyed, per kind, and nothing to find them by."""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.pseudonyms import Pseudonyms

KEY = bytes(range(32))


@given(
    st.binary(min_size=32, max_size=100),
    st.sampled_from(["user", "incident", "schedule"]),
    st.text(min_size=1, max_size=64),
)
def test_a_pseudonym_is_a_plain_hmac_of_the_key(key: bytes, kind: str, identifier: str) -> None:
    message = kind.encode() + b"\0" + identifier.encode("utf-8", "surrogatepass")
    expected = hmac.digest(key, message, "sha256")[:16]
    names = Pseudonyms(key)
    assert names.once(kind, identifier) == expected
    assert names.of(kind, identifier) == names.of(kind, identifier) == expected


def test_one_id_of_two_kinds_has_two_pseudonyms() -> None:
    assert Pseudonyms(KEY).of("user", "P1") != Pseudonyms(KEY).of("team", "P1")


def test_a_short_key_is_refused_and_the_key_is_never_shown() -> None:
    with pytest.raises(ValueError, match="at least 32 bytes"):
        Pseudonyms(KEY[:31])
    assert KEY.hex() not in repr(Pseudonyms(KEY))


@given(st.lists(st.none() | st.integers() | st.binary(max_size=16), max_size=6))
def test_a_derived_pseudonym_distinguishes_null_and_columns(
    values: list[int | bytes | None],
) -> None:
    names = Pseudonyms(KEY)
    assert names.derived("oncall", values) == names.derived("oncall", tuple(values))
    assert names.derived("oncall", values) != names.derived("oncall", [*values, None])
    assert names.derived("oncall", [None, 1]) != names.derived("oncall", [1, None])
    assert names.derived("oncall", [b"1"]) != names.derived("oncall", [1])


def test_the_cache_of_pseudonyms_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[str] = []
    once = Pseudonyms.once

    def counted(self: Pseudonyms, kind: str, identifier: str) -> bytes:
        computed.append(identifier)
        return once(self, kind, identifier)

    monkeypatch.setattr(Pseudonyms, "once", counted)
    monkeypatch.setattr("collectors.pseudonyms.CACHE_LIMIT", 10)
    names = Pseudonyms(KEY)
    for number in (*range(10), 0, 10, 0):
        names.of("user", f"P{number}")
    assert computed == [*(f"P{number}" for number in range(11)), "P0"]
