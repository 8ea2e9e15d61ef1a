"""Authenticated encryption: a blob moved to another row or purpose does not open."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
VERSION_BYTES = 4
_NONCE_BYTES = 12
_TAG_BYTES = 16
_FIRST_FORMAT = b"\x01"
"""Names no key: blobs sealed before keys had versions."""
_FORMAT = b"\x02"


class SealBroken(Exception):
    """The blob was not sealed with these keys for this place."""


class KeyUnknown(SealBroken):
    """The blob names a key that is not among these: one made later, or one destroyed."""


@dataclass(frozen=True, slots=True)
class Ring:
    """Keys of one purpose by version: the newest seals, each opens its own blobs."""

    newest: int
    keys: Mapping[int, bytes] = field(repr=False)


def new_key() -> bytes:
    """32 random bytes."""
    return os.urandom(KEY_BYTES)


def derive(master: bytes, purpose: str) -> bytes:
    """A key of its own for one purpose (HKDF-SHA-256)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(
        master
    )


def version_of_key(key: bytes) -> int:
    """A number derived from the key, so that no counter is needed."""
    return int.from_bytes(hashlib.sha256(b"tacit key version" + key).digest()[:VERSION_BYTES])


def seal(ring: Ring, plaintext: bytes, place: str) -> bytes:
    """AES-256-GCM: format byte, version of the key (4 bytes), nonce, ciphertext.

    Format, version and ``place`` are the associated data.
    """
    header = _FORMAT + ring.newest.to_bytes(VERSION_BYTES)
    nonce = os.urandom(_NONCE_BYTES)
    cipher = AESGCM(ring.keys[ring.newest])
    return header + nonce + cipher.encrypt(nonce, plaintext, header + place.encode())


def version_of(blob: bytes) -> int | None:
    """The version of the key that sealed it; None where the blob's format names none."""
    if blob[:1] != _FORMAT:
        return None
    return int.from_bytes(blob[1 : 1 + VERSION_BYTES])


def unseal(ring: Ring, blob: bytes, place: str) -> bytes:
    """The plaintext; raises SealBroken for another key, another place or a changed byte."""
    if blob[:1] == _FIRST_FORMAT:
        return _unseal_first(ring, blob, place)
    version = version_of(blob)
    if version is None:
        raise SealBroken
    if version not in ring.keys:
        raise KeyUnknown
    return _decrypt(ring.keys[version], blob, 1 + VERSION_BYTES, place)


def _unseal_first(ring: Ring, blob: bytes, place: str) -> bytes:
    for key in ring.keys.values():
        try:
            return _decrypt(key, blob, 1, place)
        except SealBroken:
            continue
    raise SealBroken


def _decrypt(key: bytes, blob: bytes, header_bytes: int, place: str) -> bytes:
    header, rest = blob[:header_bytes], blob[header_bytes:]
    nonce, sealed = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
    if len(sealed) < _TAG_BYTES:
        raise SealBroken
    try:
        return AESGCM(key).decrypt(nonce, sealed, header + place.encode())
    except InvalidTag:
        raise SealBroken from None
