"""Checks promises and receipts of Tacit, offline: ``python verify_receipt.py FILE``.

One file, which needs Python and the package ``cryptography``. docs/receipts.md describes an entry.
``tacit verify`` runs the same code.
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT, VERSION = "tacit-ledger", 1
KINDS = ("promise", "receipt", "breach")
NOTHING_BEFORE = "0" * 64
"""The previous hash in the first entry."""
_PARTS = {"hash": 64, "public_key": 64, "signature": 128}
_MEMBERS = {"at", "format", "key", "kind", "previous", "sequence", "statement", "version"}
_EXACT = 2**53 - 1
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")


class Refused(Exception):
    """A file is not what it claims to be; the message says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry whose hash, signature and key id are right."""

    body: Mapping[str, Any]
    hash: str
    public_key: str

    @property
    def kind(self) -> str:
        """promise, receipt or breach."""
        return str(self.body["kind"])

    @property
    def statement(self) -> Mapping[str, Any]:
        """The statement."""
        stated: Mapping[str, Any] = self.body["statement"]
        return stated


def canonical(value: object) -> bytes:
    """JSON as UTF-8 with sorted keys and no spaces: one value, one spelling (after RFC 8785).

    Raises ValueError for values with several spellings: floats, integers beyond 53 bits, keys that
    are not ASCII, unpaired surrogates.
    """
    _require_exact(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _require_exact(value: object) -> None:
    if isinstance(value, dict):
        for name, member in value.items():
            if not (isinstance(name, str) and name.isascii()):
                raise ValueError("a key is no ASCII text")
            _require_exact(member)
    elif isinstance(value, list):
        for member in value:
            _require_exact(member)
    elif isinstance(value, int):
        if abs(value) > _EXACT:
            raise ValueError("an integer has more than 53 bits")
    elif not (value is None or isinstance(value, str)):
        raise ValueError("neither text, integer, list, object, bool nor null")


def key_id(public_key: bytes) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the raw public key."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def read(content: bytes) -> Any:
    """The value of a file in canonical JSON; raises Refused."""
    try:
        value = json.loads(content.decode())
        same = canonical(value) == content
    except (ValueError, RecursionError):
        raise Refused("This is not a file of Tacit, or it is damaged.") from None
    if not same:
        raise Refused("The file was changed: it is not in canonical form.")
    return value


def entry_of(value: Any) -> Entry:
    """Check one entry with its hash, key and signature; raises Refused."""
    if not (isinstance(value, dict) and set(value) == {"entry", *_PARTS}):
        raise Refused("This is neither a promise nor a receipt of Tacit.")
    for name, digits in _PARTS.items():
        if not _is_hex(value[name], digits):
            raise Refused(f"The file was changed: its {name} is not {digits} hexadecimal digits.")
    body, public_key = value["entry"], bytes.fromhex(value["public_key"])
    _require_shape(body)
    content = canonical(body)
    if hashlib.sha256(content).hexdigest() != value["hash"]:
        raise Refused("The file was changed: its hash does not match.")
    if body["key"] != key_id(public_key):
        raise Refused("The file was changed: its public key is not the one it names.")
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(
            bytes.fromhex(value["signature"]), content
        )
    except (InvalidSignature, ValueError):
        raise Refused("The file was changed: its signature is not valid.") from None
    return Entry(body, value["hash"], value["public_key"])


def _require_shape(body: Any) -> None:
    if not (isinstance(body, dict) and set(body) == _MEMBERS and body["format"] == FORMAT):
        raise Refused("This is not an entry of Tacit's log.")
    if body["version"] != VERSION:
        raise Refused("This entry has a version that this program does not know.")
    sequence, statement = body["sequence"], body["statement"]
    whole = isinstance(sequence, int) and not isinstance(sequence, bool) and sequence > 0
    shaped = isinstance(statement, dict) and _is_hex(statement.get("purge"), 16)
    known = body["kind"] in KINDS and _is_time(body["at"]) and _is_hex(body["previous"], 64)
    if not (whole and shaped and known):
        raise Refused("This entry lacks a required part.")


def _is_hex(value: object, digits: int) -> bool:
    # Upper case would be a second spelling of the same bytes.
    return isinstance(value, str) and bool(re.fullmatch(rf"[0-9a-f]{{{digits}}}", value))


def _is_time(value: object) -> bool:
    # What is printed comes from the file: no control character may reach the terminal.
    if not (isinstance(value, str) and _TIME.fullmatch(value)):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def chain(value: Any) -> list[Entry]:
    """Check an entire log: each entry, and that each names the one before; raises Refused."""
    if not isinstance(value, list):
        raise Refused("The log is not a list of entries.")
    entries, previous = [entry_of(each) for each in value], NOTHING_BEFORE
    for number, entry in enumerate(entries, start=1):
        if entry.body["sequence"] != number or entry.body["previous"] != previous:
            raise Refused(f"The chain of the log is broken at entry {number}.")
        previous = entry.hash
    return entries


def check(
    file: bytes, *, key: str | None = None, promise: bytes | None = None, log: bytes | None = None
) -> str:
    """One sentence on what is right; raises Refused with one on what is wrong."""
    entry = entry_of(read(file))
    about = f"the {entry.kind} of deletion {entry.statement['purge']} of {entry.body['at']}"
    said = [f"Genuine: {about}"]
    if promise is not None:
        said += [_kept(entry, entry_of(read(promise)))]
    if log is not None:
        said += [_contained(entry, chain(read(log)))]
    if key is None:
        said += [f"signed with key {entry.body['key']}; give --key to check whose key it is"]
    elif entry.public_key == key.lower():
        said += ["signed with the key you expect"]
    else:
        raise Refused("The file is not signed with the key you expect.")
    return f"{'; '.join(said)}."


def _kept(receipt: Entry, promise: Entry) -> str:
    if (receipt.kind, promise.kind) != ("receipt", "promise"):
        raise Refused("Give the receipt as the file and its promise behind --promise.")
    same = ("purge", "requested_at", "deadline_at")
    if receipt.statement.get("promise") != promise.hash or any(
        receipt.statement.get(name) != promise.statement.get(name) for name in same
    ):
        raise Refused("The receipt and the promise do not belong together.")
    finished, deadline = receipt.statement.get("finished_at"), promise.statement.get("deadline_at")
    if not (_is_time(finished) and _is_time(deadline)):
        raise Refused("The receipt or the promise has no time.")
    if datetime.fromisoformat(str(finished)) > datetime.fromisoformat(str(deadline)):
        raise Refused(f"The promise was broken: deleted at {finished}, promised by {deadline}.")
    return f"it keeps its promise: deleted at {finished}, promised by {deadline}"


def _contained(entry: Entry, entries: Sequence[Entry]) -> str:
    if entry.hash not in {each.hash for each in entries}:
        raise Refused("The log does not contain this entry.")
    said = f"it is entry {entry.body['sequence']} of a log of {len(entries)} with an unbroken chain"
    others = sum(each.public_key != entry.public_key for each in entries)
    return f"{said}, {others} of them signed with other keys" if others else said


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the outcome; the exit code."""
    parser = argparse.ArgumentParser(description="Check a promise or receipt of Tacit, offline.")
    parser.add_argument("file", type=Path, help="the promise or receipt")
    parser.add_argument("--key", help="the public key you expect, as hexadecimal digits")
    parser.add_argument("--promise", type=Path, help="the promise that the receipt should keep")
    parser.add_argument("--ledger", type=Path, help="the whole log, as downloaded")
    asked = parser.parse_args(arguments)
    said, code = outcome(asked.file, asked.key, asked.promise, asked.ledger)
    sys.stdout.write(f"{said}\n")
    return code


def outcome(
    file: Path, key: str | None = None, promise: Path | None = None, log: Path | None = None
) -> tuple[str, int]:
    """One sentence, and 0 if the file is genuine, else 1."""
    others = {"promise": promise, "log": log}
    try:
        given = {name: _content(path) for name, path in others.items() if path is not None}
        return check(_content(file), key=key, **given), 0
    except Refused as refusal:
        return f"REFUSED. {refusal}", 1


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise Refused(f"{path} cannot be read.") from None


if __name__ == "__main__":
    raise SystemExit(main())
