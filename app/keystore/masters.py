"""Master keys: one seals; the former ones open until a rotation is complete.

Without one in the environment, the keystore keeps its own in ``master.key``. The file
``former-VERSION.key``, sealed under the master key of that version, contains the former master keys
during a rotation, and afterwards the session keys derived from them until those expire.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.core.crash_points import CrashPoint, reach
from app.core.crypto import Ring, SealBroken, derive, new_key, seal, unseal, version_of_key
from app.keystore.files import locked, put, shred

SESSION_PURPOSE = "web session"
_OUTLIVING_SECONDS = 12.0 * 60 * 60
"""The longest life of a browser's session: a rotation logs nobody out."""
_PURPOSE = "former"
_LOCK_SECONDS = 10.0
_Seen = tuple[int, int] | None
"""A file's inode and time: each write changes them."""


class NothingToRotate(Exception):
    """The environment has a master key but no former one."""


@dataclass(frozen=True, slots=True)
class Outliving:
    """A session key that was derived from a destroyed master key."""

    version: int
    key: bytes = field(repr=False)
    until: float


@dataclass(frozen=True, slots=True)
class _Remains:
    masters: tuple[bytes, ...] = field(default=(), repr=False)
    sessions: tuple[Outliving, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    current: bytes = field(repr=False)
    former: tuple[bytes, ...] = field(repr=False)
    sessions: tuple[Outliving, ...]
    stamp: tuple[_Seen, _Seen]


class Masters:
    """The master keys of a keystore. A change by another process is seen at the next use."""

    def __init__(self, folder: Path, given: Sequence[bytes]) -> None:
        self._folder = folder
        self._given = tuple(dict.fromkeys(given))
        self._file = folder / "master.key"
        if not self._given and not self._file.exists():
            with locked(folder, _LOCK_SECONDS):
                if not self._file.exists():
                    put(self._file, new_key())
        self._known = self._load()

    def ring(self, purpose: str) -> Ring:
        """Keys for one purpose, derived from the masters."""
        known = self._fresh()
        masters = (known.current, *known.former)
        keys = {version_of_key(master): derive(master, purpose) for master in masters}
        if purpose == SESSION_PURPOSE:
            left = {one.version: one.key for one in known.sessions if one.until > time.time()}
            keys = {**left, **keys}
        return Ring(version_of_key(known.current), keys)

    def renew(self) -> None:
        """Make a new master key, or resume an interrupted rotation; the caller has the lock.

        Raises NothingToRotate.
        """
        known = self._load()
        if self._given and not known.former:
            raise NothingToRotate
        if known.former:
            return
        fresh = new_key()
        self._leave(fresh, _Remains((known.current,), known.sessions))
        reach(CrashPoint.KEYS_ANNOUNCED)
        put(self._file, fresh)
        reach(CrashPoint.KEYS_RENEWED)

    def retire(self) -> None:
        """Destroy the former master keys, which seal nothing any more; the caller has the lock."""
        known = self._load()
        until = time.time() + _OUTLIVING_SECONDS
        ended = tuple(
            Outliving(version_of_key(master), derive(master, SESSION_PURPOSE), until)
            for master in known.former
        )
        left = tuple(one for one in known.sessions if one.until > time.time())
        self._leave(known.current, _Remains((), ended + left))
        reach(CrashPoint.KEYS_LEFT)
        for path in self._folder.glob("former-*.key"):
            if path != self._companion(known.current):
                shred(path)
        if self._given:
            shred(self._file)

    def _fresh(self) -> _Known:
        companion = self._companion(self._known.current)
        if (_seen(self._file), _seen(companion)) != self._known.stamp:
            self._known = self._load()
        return self._known

    def _load(self) -> _Known:
        # Before reading: a change in between is seen at the next use.
        file_seen = _seen(self._file)
        current, *former = self._given or (self._file.read_bytes(),)
        stamp = file_seen, _seen(self._companion(current))
        remains = [self._remains(master) for master in (current, *former)]
        return _Known(
            current,
            (*former, *remains[0].masters),
            tuple(one for each in remains for one in each.sessions),
            stamp,
        )

    def _companion(self, master: bytes) -> Path:
        return self._folder / f"former-{version_of_key(master):08x}.key"

    def _remains(self, master: bytes) -> _Remains:
        path = self._companion(master)
        try:
            plain = unseal(_ring(master), path.read_bytes(), path.name)
        except (FileNotFoundError, SealBroken):
            return _Remains()
        stored = json.loads(plain)
        return _Remains(
            tuple(bytes.fromhex(each) for each in stored["masters"]),
            tuple(
                Outliving(version, bytes.fromhex(key), until)
                for version, key, until in stored["sessions"]
            ),
        )

    def _leave(self, master: bytes, remains: _Remains) -> None:
        path = self._companion(master)
        stored = {
            "masters": [each.hex() for each in remains.masters],
            "sessions": [[one.version, one.key.hex(), one.until] for one in remains.sessions],
        }
        put(path, seal(_ring(master), json.dumps(stored).encode(), path.name))


def _ring(master: bytes) -> Ring:
    version = version_of_key(master)
    return Ring(version, {version: derive(master, _PURPOSE)})


def _seen(path: Path) -> _Seen:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns
