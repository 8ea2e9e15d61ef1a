"""The keys of one epoch, and the format of their file."""

from dataclasses import dataclass, field

from app.core.crypto import KEY_BYTES, VERSION_BYTES, Ring, new_key

_ENTRY_BYTES = VERSION_BYTES + KEY_BYTES
_FIRST = 1


@dataclass(frozen=True, slots=True)
class EpochKeys:
    """Without them pseudonyms cannot be matched, nor tokens read.

    The pseudonyms' key never changes within an epoch: they would not compare otherwise.
    """

    pseudonym: bytes = field(repr=False)
    token: Ring

    def renewed(self) -> "EpochKeys":
        """The same keys and a new one for tokens, which seals from now on."""
        version = self.token.newest + 1
        return EpochKeys(self.pseudonym, Ring(version, {**self.token.keys, version: new_key()}))

    def only_newest(self) -> "EpochKeys":
        """The same keys without the former ones for tokens."""
        newest = self.token.newest
        return EpochKeys(self.pseudonym, Ring(newest, {newest: self.token.keys[newest]}))


def new_keys() -> EpochKeys:
    """Keys for a new epoch."""
    return EpochKeys(new_key(), Ring(_FIRST, {_FIRST: new_key()}))


def packed(keys: EpochKeys) -> bytes:
    """The pseudonyms' key, then version and key of each for tokens, the newest last."""
    entries = sorted(keys.token.keys.items())
    return keys.pseudonym + b"".join(
        version.to_bytes(VERSION_BYTES) + key for version, key in entries
    )


def unpacked(plain: bytes) -> EpochKeys:
    """The reverse of ``packed``. The first format had two keys and no versions."""
    pseudonym, rest = plain[:KEY_BYTES], plain[KEY_BYTES:]
    if len(rest) == KEY_BYTES:
        return EpochKeys(pseudonym, Ring(_FIRST, {_FIRST: rest}))
    keys = {
        int.from_bytes(rest[at : at + VERSION_BYTES]): rest[at + VERSION_BYTES : at + _ENTRY_BYTES]
        for at in range(0, len(rest), _ENTRY_BYTES)
    }
    return EpochKeys(pseudonym, Ring(max(keys), keys))
