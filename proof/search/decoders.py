"""What may hide a string: every part of some bytes that could be encoded, decoded.

The parts of one kind are joined, so that bytes with a thousand of them make one child and not a
thousand. A decoder that finds nothing gives nothing.
"""

import binascii
import re
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator

import numpy as np

_MOST = 1 << 24
_STEP = 4096
_BETWEEN = b"\n\x00\n"
_AROUND = 96
_GZIP = re.compile(rb"\x1f\x8b\x08")
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}")
_HEX = re.compile(rb"[0-9A-Fa-f]{16,}")
_WIDE = re.compile(rb"\x00[\x20-\x7e](?:\x00[\x20-\x7e]){6,}")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_ESCAPE = re.compile(rb"\\(?:u00([0-9A-Fa-f]{2})|x([0-9A-Fa-f]{2})|([\"'/\\abtnfr]))")
_LETTERS = dict(zip(b"abtnfr", b"\a\b\t\n\f\r", strict=True))
_MEMBER = re.compile(rb"PK\x03\x04[\x00-\xff]{26}")
_LENGTHS = 26
_HEX_DIGITS = b"0123456789ABCDEFabcdef"
_SPACE, _TILDE = 0x20, 0x7E
_SHORTEST = 10
"""Bytes that eight letters and their end take when they are deflated."""
_RESERVED = 6
"""The kind of block, in the first byte, that no deflated stream begins with (RFC 1951, 3.2.3)."""
_URL = bytes.maketrans(b"-_", b"+/")


def _inflated(data: memoryview, bits: int) -> bytes:
    """As much as comes out; a stream that breaks off has said something before."""
    press = zlib.decompressobj(bits)
    found = bytearray()
    try:
        for at in range(0, len(data), _STEP):
            found += press.decompress(data[at : at + _STEP], _MOST)
            if press.eof or len(found) > _MOST:
                break
    except zlib.error:
        pass
    return bytes(found)


def _streams(data: bytes, magic: re.Pattern[bytes], bits: int) -> bytes:
    starts = (hit.start() for hit in magic.finditer(data))
    parts = (_inflated(memoryview(data)[at : at + _MOST], bits) for at in starts)
    return _BETWEEN.join(part for part in parts if len(part) > 7)


def _gzip(data: bytes) -> bytes:
    return _streams(data, _GZIP, 16 + zlib.MAX_WBITS)


def _zlib(data: bytes) -> bytes:
    return _streams(data, _ZLIB, zlib.MAX_WBITS)


def _deflate(data: bytes) -> bytes:
    """Such a stream has no signature: it is searched only where a value begins."""
    if len(data) < _SHORTEST or data[0] & _RESERVED == _RESERVED or _is_false_block(data):
        return b""
    press = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        found = press.decompress(data, _MOST)
    except zlib.error:
        return b""
    return found if press.eof else b""


def _is_false_block(data: bytes) -> bool:
    """Whether it begins as a stored block (RFC 1951, 3.2.4) whose length contradicts itself."""
    length, complement = struct.unpack_from("<HH", data, 1)
    return data[0] & _RESERVED == 0 and bool(length ^ complement ^ 0xFFFF)


def _zip(data: bytes) -> bytes:
    """Each member by its own header: of an archive in a larger file the directory is not read."""
    parts: list[bytes] = []
    for hit in _MEMBER.finditer(data):
        name, extra = struct.unpack_from("<HH", data, hit.start() + _LENGTHS)
        start = hit.end() + name + extra
        parts.append(_inflated(memoryview(data)[start : start + _MOST], -zlib.MAX_WBITS))
    return _BETWEEN.join(part for part in parts if len(part) > 7)


def _base64(runs: Iterable[bytes]) -> bytes:
    """At all four beginnings: what stands before the string may look like a part of it.

    Hexadecimal digits alone are skipped: every encoding of a marker has other letters, and of
    10^8 encodings of random bytes so long about one has not.
    """
    parts: list[bytes] = []
    for run in runs:
        if not run.translate(None, _HEX_DIGITS):
            continue
        plain = run.translate(_URL)
        for start in range(4):
            piece = plain[start:]
            piece = piece[: len(piece) // 4 * 4] if len(piece) % 4 == 1 else piece
            parts.append(binascii.a2b_base64(piece + b"=" * (-len(piece) % 4)))
    return _with_deflated(parts)


def _hex(runs: Iterable[bytes]) -> bytes:
    parts: list[bytes] = []
    for run in dict.fromkeys(one for each in runs for one in _HEX.findall(each)):
        for start in range(2):
            piece = run[start:]
            parts.append(binascii.unhexlify(piece[: len(piece) // 2 * 2]))
    return _with_deflated(parts)


def _with_deflated(parts: list[bytes]) -> bytes:
    deflated = (_deflate(part) for part in parts)
    return _BETWEEN.join([*parts, *(part for part in deflated if len(part) > 7)])


def _wide(data: bytes) -> bytes:
    """UTF-16 of either order; of what is not plain letters nothing was planted."""
    if not _has_wide(data):
        return b""
    parts = (data[max(hit.start() - 1, 0) : hit.end()] for hit in _WIDE.finditer(data))
    return _BETWEEN.join(part.replace(b"\x00", b"") for part in parts)


def _has_wide(data: bytes) -> bool:
    """Whether `_WIDE` matches: the expression takes twenty times as long to say no."""
    octets = np.frombuffer(data, dtype=np.uint8)
    wide = (octets[:-1] == 0) & (octets[1:] >= _SPACE) & (octets[1:] <= _TILDE)
    for more in (1, 2, 3):
        wide = wide[: -2 * more] & wide[2 * more :]
    return bool(wide.any())


def _percent(data: bytes) -> bytes:
    return _escaped(data, _PERCENT, lambda hit: bytes([int(hit.group(1), 16)]))


def _escapes(data: bytes) -> bytes:
    """JSON's escapes and those of Python's and the queue server's quoted bytes."""

    def plain(hit: re.Match[bytes]) -> bytes:
        digits, letter = hit.group(1) or hit.group(2), hit.group(3)
        if digits:
            return bytes([int(digits, 16)])
        return bytes([_LETTERS.get(letter[0], letter[0])])

    return _escaped(data, _ESCAPE, plain)


def _escaped(
    data: bytes, escape: re.Pattern[bytes], plain: Callable[[re.Match[bytes]], bytes]
) -> bytes:
    windows: list[list[int]] = []
    for hit in escape.finditer(data):
        start, end = max(0, hit.start() - _AROUND), hit.end() + _AROUND
        if windows and start <= windows[-1][1]:
            windows[-1][1] = end
        else:
            windows.append([start, end])
    return _BETWEEN.join(escape.sub(plain, data[start:end]) for start, end in windows)


_OF_DATA: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _gzip,
    "zlib": _zlib,
    "zip": _zip,
    "percent": _percent,
    "escapes": _escapes,
    "utf16": _wide,
}
_OF_RUNS: dict[str, Callable[[Iterable[bytes]], bytes]] = {"base64": _base64, "hex": _hex}
"""These read long words only, each different one once."""


def children(data: bytes, *, whole: bool) -> Iterator[tuple[str, bytes]]:
    """(decoder, bytes) of everything decodable; ``whole`` where ``data`` is one value."""
    for name, decode in _OF_DATA.items():
        if found := decode(data):
            yield name, found
    runs = dict.fromkeys(_BASE64.findall(data))
    for name, decode_runs in _OF_RUNS.items():
        if found := decode_runs(runs):
            yield name, found
    if whole and len(found := _deflate(data)) > 7:
        yield "deflate", found
