"""The key that promises and receipts are signed with: Ed25519, sealed, in the keystore."""

import secrets
from contextlib import suppress
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.core.crypto import KeyUnknown, SealBroken, new_key
from app.core.errors import Busy
from app.core.logs import Event, event
from app.extensions import bound, keystore
from app.keystore import KeyMissing, KeystoreBusy
from app.keystore.files import locked
from app.verify_receipt import key_id

_NAME = "signing"
_LOCK_SECONDS = 1.0
"""The first disconnect of all makes the key, and responds within two seconds like every other."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Signs; its public half is for everybody."""

    _private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> bytes:
        """32 raw bytes."""
        return self._private.public_key().public_bytes_raw()

    @property
    def id(self) -> str:
        """What an entry names its key by."""
        return key_id(self.public)

    def sign(self, content: bytes) -> bytes:
        """64 bytes."""
        return self._private.sign(content)


def signing_key() -> SigningKey:
    """The installation's key, made at the first call of whichever process is first.

    One that opens no more is set aside for another, and beside one under another master key another
    is made: it must not keep anybody from disconnecting.
    What it has signed can be checked as before, for the ledger has its public half. Raises Busy
    if a new one is needed and another process has the lock for too long.
    """
    try:
        seed = _seed()
    except KeystoreBusy:
        raise Busy from None
    return SigningKey(Ed25519PrivateKey.from_private_bytes(seed))


def _seed() -> bytes:
    with suppress(KeyUnknown):
        return _stored_key(_NAME)
    # Sealed under a master key that this process does not have; other processes still use it.
    return _stored_key(f"{_NAME}-{keystore.derived(_NAME).newest:08x}")


def _stored_key(name: str) -> bytes:
    """Raises KeyUnknown."""
    try:
        return keystore.open(name)
    except KeyUnknown:
        raise
    except SealBroken:
        _set_aside(name)
    except KeyMissing:
        pass
    keystore.keep(name, new_key(), _LOCK_SECONDS)
    return keystore.open(name)


def _set_aside(name: str) -> None:
    path = bound.config.keystore / f"{name}.key"
    with locked(path.parent, _LOCK_SECONDS), suppress(KeyMissing):
        try:
            # Another process may have put a new one there meanwhile.
            keystore.open(name)
        except SealBroken:
            path.rename(path.with_name(f"{_NAME}-{secrets.token_hex(4)}.broken"))
            event(Event.SIGNING_KEY_BROKEN)
