"""Authenticated encryption: a blob moved to another row or purpose does not open."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = b"\x01"


class SealBroken(Exception):
    """The blob was not sealed with this key for this place."""


def new_key() -> bytes:
    """32 random bytes."""
    return os.urandom(KEY_BYTES)


def derive(master: bytes, purpose: str) -> bytes:
    """A key of its own for one purpose (HKDF-SHA-256)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(
        master
    )


def seal(key: bytes, plaintext: bytes, place: str) -> bytes:
    """AES-256-GCM: version byte, nonce, ciphertext; ``place`` is the associated data."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plaintext, _VERSION + place.encode())
    return _VERSION + nonce + sealed


def unseal(key: bytes, blob: bytes, place: str) -> bytes:
    """The plaintext; raises SealBroken for another key, another place or a changed byte."""
    version, nonce, sealed = blob[:1], blob[1 : 1 + _NONCE_BYTES], blob[1 + _NONCE_BYTES :]
    if version != _VERSION or len(sealed) < 16:
        raise SealBroken
    try:
        return AESGCM(key).decrypt(nonce, sealed, version + place.encode())
    except InvalidTag:
        raise SealBroken from None
