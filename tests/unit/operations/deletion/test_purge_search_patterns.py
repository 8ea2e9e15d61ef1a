"""The raw search finds an epoch's id wherever and however it is written."""

import os
import uuid
from pathlib import Path

import pytest

from app.operations.deletion.purge import search_patterns
from app.operations.deletion.purge.search_patterns import search_files

ID = os.urandom(16)
FORMS = {
    "raw": ID,
    "digits": ID.hex().encode(),
    "capitals": ID.hex().upper().encode(),
    "uuid": str(uuid.UUID(bytes=ID)).encode(),
    "uuid capitals": str(uuid.UUID(bytes=ID)).upper().encode(),
    "bytea": b"\\x" + ID.hex().encode(),
}


@pytest.mark.parametrize("form", list(FORMS))
def test_every_form_is_found_wherever_two_stretches_part_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(search_patterns, "CHUNK_BYTES", 64)
    path = tmp_path / "file"
    for before in range(130):
        path.write_bytes(bytes(before) + FORMS[form] + bytes(64))
        assert search_files([path], ID).found == 1, before
    assert search_files([path], os.urandom(16)).found == 0


def test_what_was_looked_through_is_counted(tmp_path: Path) -> None:
    for name, size in (("one", 10), ("two", 5 * 2**20)):
        (tmp_path / name).write_bytes(bytes(size))
    paths = [tmp_path / name for name in ("one", "two", "three")]
    assert search_files(paths, ID).size == 10 + 5 * 2**20
