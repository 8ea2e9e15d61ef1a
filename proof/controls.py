"""Controls: markers of our own, planted in every sink in every form before anything is judged.

A search that does not find all of them has proven nothing.
"""

import base64
import gzip
import hashlib
import io
import json
import secrets
import zipfile
import zlib
from base64 import b32encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from sandbox.canaries import REST, Mint

Encode = Callable[[str], bytes]


def _zipped(text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", text * 3)
    return file.getvalue()


def _deflated(text: str) -> bytes:
    press = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return press.compress(text.encode()) + press.flush()


def _percent(text: str) -> bytes:
    return "".join(f"%{byte:02X}" for byte in text.encode()).encode()


def _escaped(text: str) -> bytes:
    return json.dumps("".join(f"\\u{ord(one):04x}" for one in text)).encode()


TEXTS: dict[str, Encode] = {
    "plain": str.encode,
    "lower case": lambda text: text.lower().encode(),
    "gzip": lambda text: gzip.compress(text.encode()),
    "zlib": lambda text: zlib.compress(text.encode()),
    "zip": _zipped,
    "base64": lambda text: base64.b64encode(f"~~~{text}".encode()),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(f"\xff\xfe{text}".encode()),
    "hex": lambda text: text.encode().hex().encode(),
    "percent": _percent,
    "percent in part": lambda text: quote(f"a b/{text} c").encode(),
    "escapes": _escaped,
    "utf-16 le": lambda text: text.encode("utf-16-le"),
    "utf-16 be": lambda text: text.encode("utf-16-be"),
    "base64 of zlib": lambda text: base64.b64encode(zlib.compress(text.encode())),
    "four deep": lambda text: base64.b64encode(
        gzip.compress(text.encode("utf-16-le").hex().encode())
    ),
    "md5": lambda text: hashlib.md5(text.encode(), usedforsecurity=False).digest(),
    "md5 in hex": lambda text: (
        hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().encode()
    ),
    "sha1": lambda text: hashlib.sha1(text.encode(), usedforsecurity=False).digest(),
    "sha256": lambda text: hashlib.sha256(text.encode()).digest(),
    "sha256 in hex": lambda text: hashlib.sha256(text.encode()).hexdigest().encode(),
    "sha256 in base64": lambda text: base64.b64encode(hashlib.sha256(text.encode()).digest()),
    "crc32 in hex": lambda text: f"{zlib.crc32(text.encode()):08x}".encode(),
}
VALUES: dict[str, Encode] = {
    **TEXTS,
    # It has no signature: it is found where a value begins, not in the middle of a file.
    "deflate": _deflated,
}
NUMBERS: dict[str, Callable[[int], bytes]] = {
    "number": lambda one: str(one).encode(),
    "number, first byte first": lambda one: one.to_bytes(8, "big"),
    "number, last byte first": lambda one: one.to_bytes(8, "little"),
}
MOMENTS: dict[str, Callable[[int], bytes]] = {
    "seconds": lambda one: str(one).encode(),
    "microseconds, first byte first": lambda one: (one * 10**6).to_bytes(8, "big"),
    "microseconds, last byte first": lambda one: (one * 10**6).to_bytes(8, "little"),
}


@dataclass(frozen=True, slots=True)
class Control:
    """One marker in one form in one sink."""

    sink: str
    form: str
    token: str
    data: bytes


@dataclass(slots=True)
class Controls:
    """The controls of one run, each of them found nowhere else."""

    mint: Mint
    planted: list[Control] = field(default_factory=list)

    def make(self, sink: str, *, values: bool) -> list[Control]:
        """Controls for one sink; ``values`` where each is kept as a value of its own."""
        made = list(self._made(sink, VALUES if values else TEXTS))
        self.planted += made
        return made

    def _made(self, sink: str, forms: dict[str, Encode]) -> Iterator[Control]:
        for form, encode in forms.items():
            token = self.token()
            yield Control(sink, form, token, encode(token))
        # Numbers and moments that the sandbox leaves to others.
        count = len(self.planted)
        midnight = int(datetime.fromisoformat(f"{self.mint.day}T00:00:00Z").timestamp())
        for n, (form, number) in enumerate(NUMBERS.items()):
            value = self.mint.number * 10**5 + 9 * 10**4 + count + n
            yield Control(sink, form, str(value), number(value))
        for n, (form, moment) in enumerate(MOMENTS.items()):
            value = midnight + count + n
            token = datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            yield Control(sink, form, token, moment(value))

    def text(self, sink: str, form: str) -> Control:
        """A control that the product itself is to carry into a sink, as it stands."""
        token = self.token()
        self.planted.append(Control(sink, form, token, token.encode()))
        return self.planted[-1]

    def token(self) -> str:
        """A string that looks like a planted one and is ours."""
        return self.mint.prefix + b32encode(secrets.token_bytes(10)).decode()[:REST]
