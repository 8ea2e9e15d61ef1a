"""The keys of one epoch, and how they lie in their file."""

from dataclasses import dataclass, field

from app.core.crypto import KEY_BYTES, VERSION_BYTES, Ring, new_key

_ENTRY_BYTES = VERSION_BYTES + KEY_BYTES
_FIRST = 1


@dataclass(frozen=True, slots=True)
class EpochKeys:
    """Without them pseudonyms cannot be matched, nor tokens read.

    The pseudonyms' key stays the same for the epoch's life: they would not compare otherwise.
    """

    pseudonym: bytes = field(repr=False)
    token: Ring

    def renewed(self) -> "EpochKeys":
        """With one more key for tokens, which seals from now on."""
        version = self.token.newest + 1
        return EpochKeys(self.pseudonym, Ring(version, {**self.token.keys, version: new_key()}))

    def only_newest(self) -> "EpochKeys":
        """Without the keys that tokens were sealed with before."""
        newest = self.token.newest
        return EpochKeys(self.pseudonym, Ring(newest, {newest: self.token.keys[newest]}))


def new_keys() -> EpochKeys:
    """Keys for an epoch that begins."""
    return EpochKeys(new_key(), Ring(_FIRST, {_FIRST: new_key()}))


def packed(keys: EpochKeys) -> bytes:
    """The pseudonyms' key, then version and key of each for tokens, the newest last."""
    entries = sorted(keys.token.keys.items())
    return keys.pseudonym + b"".join(
        version.to_bytes(VERSION_BYTES) + key for version, key in entries
    )


def unpacked(plain: bytes) -> EpochKeys:
    """What ``packed`` made; or both keys one after the other, as before there were versions."""
    pseudonym, rest = plain[:KEY_BYTES], plain[KEY_BYTES:]
    if len(rest) == KEY_BYTES:
        return EpochKeys(pseudonym, Ring(_FIRST, {_FIRST: rest}))
    keys = {
        int.from_bytes(rest[at : at + VERSION_BYTES]): rest[at + VERSION_BYTES : at + _ENTRY_BYTES]
        for at in range(0, len(rest), _ENTRY_BYTES)
    }
    return EpochKeys(pseudonym, Ring(max(keys), keys))
