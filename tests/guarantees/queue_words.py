"""Everything that is in a queue server, as text: packed values opened, streams and sets too."""

import base64
import binascii
import zlib
from typing import Any


def everything(connection: Any) -> str:
    """Every key and value of Redis, each as it is and as it opens."""
    found: list[bytes] = []
    for key in connection.scan_iter():
        found += [key, *_values(connection, key)]
    return "\n".join(text for part in found for text in _opened(part))


def _values(connection: Any, key: bytes) -> list[bytes]:
    kind = connection.type(key)
    if kind == b"hash":
        return [part for pair in connection.hgetall(key).items() for part in pair]
    if kind == b"stream":
        entries = connection.xrange(key)
        return [part for _, entry in entries for pair in entry.items() for part in pair]
    plain: dict[bytes, Any] = {
        b"list": lambda: connection.lrange(key, 0, -1),
        b"zset": lambda: connection.zrange(key, 0, -1),
        b"set": lambda: list(connection.smembers(key)),
        b"string": lambda: [connection.get(key)],
    }
    values: list[bytes] = plain[kind]()
    return values


def _opened(part: bytes) -> list[str]:
    found = [part]
    for unpack in (base64.b64decode, zlib.decompress):
        for packed in list(found):
            try:
                found.append(unpack(packed))
            except (binascii.Error, ValueError, zlib.error):
                continue
    return [each.decode(errors="replace") for each in found]
