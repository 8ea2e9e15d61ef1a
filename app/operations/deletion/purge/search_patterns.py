"""Search patterns: an epoch's id in every form in which a file could contain it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CHUNK_BYTES = 4 * 2**20


def search_patterns(epoch_id: bytes) -> tuple[bytes, ...]:
    """Raw, as hexadecimal digits, as a UUID; PostgreSQL's ``\\x…`` has the digits in it."""
    spelled = (epoch_id.hex(), str(uuid.UUID(bytes=epoch_id)))
    return (epoch_id, *(form.encode() for text in spelled for form in (text, text.upper())))


def overlap(patterns: Iterable[bytes]) -> int:
    """How many bytes two pieces of a file must overlap so that no pattern is split."""
    return max(map(len, patterns)) - 1


@dataclass(slots=True)
class Search:
    """The bytes searched, and the number of files with a hit."""

    size: int = 0
    found: int = 0


def search_files(paths: Iterable[Path], epoch_id: bytes) -> Search:
    """Search the raw bytes of files for the id; a missing file has none."""
    patterns, search = search_patterns(epoch_id), Search()
    for path in paths:
        try:
            search.found += _contains(path, patterns, search)
        except FileNotFoundError:
            continue
    return search


def _contains(path: Path, patterns: tuple[bytes, ...], search: Search) -> bool:
    overlapping = overlap(patterns)
    with path.open("rb") as file:
        rest = b""
        while chunk := file.read(CHUNK_BYTES):
            search.size += len(chunk)
            piece = rest + chunk
            if any(pattern in piece for pattern in patterns):
                return True
            rest = piece[-overlapping:]
    return False
