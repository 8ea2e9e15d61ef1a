"""A spooled file is what was put in, has a digest before it is read, and leaves no plain text."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.config import Config
from app.core.crypto import SealBroken
from app.extensions import bind
from app.operations.client.spool import spooled

TEXT = [f"row {number} é\n" for number in range(5_000)]


@pytest.fixture(autouse=True)
def small_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.operations.client.spool.PIECE", 1000)
    bind(Config.from_env({"TACIT_INSTANCE": str(tmp_path), "REDIS_URL": f"unix://{tmp_path}/no"}))


def test_a_spooled_file_is_read_back_unchanged_and_its_digest_is_known_before() -> None:
    whole = "".join(TEXT).encode()
    spool = spooled(TEXT)
    assert (spool.size, spool.sha256) == (len(whole), hashlib.sha256(whole).digest())
    assert b"".join(spool.pieces()) == whole
    spool.close()


def test_no_file_has_a_name_and_no_byte_on_disk_is_plain(tmp_path: Path) -> None:
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    spool = spooled(TEXT)
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before
    spool._file.seek(0)
    raw = spool._file.read()
    assert len(raw) > spool.size
    assert b"row 1" not in raw
    assert "é".encode() * 2 not in raw
    spool.close()


def test_a_spooled_file_changed_on_disk_is_not_sent() -> None:
    spool = spooled(TEXT)
    spool._file.seek(40)
    spool._file.write(b"\0\0\0\0\0\0\0\0")
    with pytest.raises(SealBroken):
        list(spool.pieces())
    spool.close()


def test_a_source_that_fails_leaves_nothing_open() -> None:
    def failing() -> Iterator[str]:
        yield "first"
        raise ZeroDivisionError

    # A file that stays open is a warning, and a warning is an error here.
    with pytest.raises(ZeroDivisionError):
        spooled(failing())
