"""A blob opens with its key, for its place, unchanged: or not at all."""

import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from app.core.crypto import (
    KeyUnknown,
    Ring,
    SealBroken,
    new_key,
    seal,
    unseal,
    version_of,
    version_of_key,
)

PLAIN = b"what was granted"
PLACE = "token:0123456789abcdef"


def _ring(*versions: int) -> Ring:
    return Ring(versions[-1], {version: new_key() for version in versions})


def _first_format(key: bytes) -> bytes:
    """A blob of the days before keys had versions."""
    nonce = os.urandom(12)
    return b"\x01" + nonce + AESGCM(key).encrypt(nonce, PLAIN, b"\x01" + PLACE.encode())


def test_a_blob_names_format_and_key_and_hides_the_rest() -> None:
    ring = _ring(1, 0x0A0B0C0D)
    blob = seal(ring, PLAIN, PLACE)
    assert blob[:5] == b"\x02\x0a\x0b\x0c\x0d"
    assert version_of(blob) == 0x0A0B0C0D
    assert PLAIN not in blob
    assert unseal(ring, blob, PLACE) == PLAIN


def test_a_blob_opens_with_the_key_it_names_whichever_is_the_newest() -> None:
    former = _ring(1)
    blob = seal(former, PLAIN, PLACE)
    both = Ring(2, {**former.keys, 2: new_key()})
    assert unseal(both, blob, PLACE) == PLAIN
    with pytest.raises(KeyUnknown):
        unseal(Ring(2, {2: both.keys[2]}), blob, PLACE)


def test_every_changed_bit_is_refused() -> None:
    ring = _ring(1)
    blob = seal(ring, PLAIN, PLACE)
    everything = Ring(1, dict.fromkeys([1, *(1 ^ 1 << bit for bit in range(32))], ring.keys[1]))
    for bit in range(8 * len(blob)):
        changed = bytearray(blob)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealBroken):
            unseal(everything, bytes(changed), PLACE)


@pytest.mark.parametrize("first", [False, True], ids=["with a version", "first format"])
@pytest.mark.parametrize(
    "place", ["token:fedcba9876543210", "epoch:0123456789abcdef", "", PLACE + "0"]
)
def test_a_blob_that_was_moved_does_not_open(place: str, *, first: bool) -> None:
    ring = _ring(1)
    blob = _first_format(ring.keys[1]) if first else seal(ring, PLAIN, PLACE)
    with pytest.raises(SealBroken):
        unseal(ring, blob, place)


def test_a_version_cannot_be_taken_off_a_blob() -> None:
    ring = _ring(1)
    blob = seal(ring, PLAIN, PLACE)
    with pytest.raises(SealBroken):
        unseal(ring, b"\x01" + blob[5:], PLACE)


def test_a_blob_without_a_version_opens_beside_newer_keys() -> None:
    ring = _ring(1, 2)
    assert unseal(ring, _first_format(ring.keys[1]), PLACE) == PLAIN
    with pytest.raises(SealBroken):
        unseal(_ring(1, 2), _first_format(ring.keys[1]), PLACE)


@given(st.binary(max_size=64))
def test_random_bytes_do_not_open(blob: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(Ring(1, {1: bytes(32)}), blob, PLACE)


def test_two_blobs_of_the_same_are_not_the_same() -> None:
    ring = _ring(1)
    assert len({seal(ring, PLAIN, PLACE) for _ in range(100)}) == 100


def test_a_key_is_in_no_representation_of_its_ring() -> None:
    ring = _ring(7)
    assert repr(ring) == "Ring(newest=7)"


def test_the_version_of_a_key_follows_from_it_alone() -> None:
    assert version_of_key(bytes(32)) == version_of_key(bytes(32))
    assert len({version_of_key(new_key()) for _ in range(50)}) == 50
