"""Needles: an epoch's id in every form in which a file could hold it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CHUNK_BYTES = 4 * 2**20


def needles(epoch_id: bytes) -> tuple[bytes, ...]:
    """Raw, as hexadecimal digits, as a UUID; PostgreSQL's ``\\x…`` has the digits in it."""
    spelled = (epoch_id.hex(), str(uuid.UUID(bytes=epoch_id)))
    return (epoch_id, *(form.encode() for text in spelled for form in (text, text.upper())))


def overlap(forms: Iterable[bytes]) -> int:
    """How far two stretches of a file must overlap for none of the forms to fall between."""
    return max(map(len, forms)) - 1


@dataclass(slots=True)
class Search:
    """What was looked through, in bytes, and in how many files something was found."""

    size: int = 0
    found: int = 0


def search_files(paths: Iterable[Path], epoch_id: bytes) -> Search:
    """Look for the id in the raw bytes of files; one that is not there holds nothing."""
    forms, search = needles(epoch_id), Search()
    for path in paths:
        try:
            search.found += _holds(path, forms, search)
        except FileNotFoundError:
            continue
    return search


def _holds(path: Path, forms: tuple[bytes, ...], search: Search) -> bool:
    kept = overlap(forms)
    with path.open("rb") as file:
        rest = b""
        while chunk := file.read(CHUNK_BYTES):
            search.size += len(chunk)
            stretch = rest + chunk
            if any(form in stretch for form in forms):
                return True
            rest = stretch[-kept:]
    return False
