"""The product does not know that it is being watched: no word of the proof stands in it."""

import re
from pathlib import Path

from sandbox.canaries import PREFIX

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = [
    path
    for folder in ("app", "collectors", "migrations", "static", "templates")
    for path in (ROOT / folder).rglob("*")
    if path.is_file() and "__pycache__" not in path.parts
]
WORDS = re.compile(rb"(?i:canar|%s)|\bLEAK\b|(?:from|import) proof\b" % PREFIX.encode())
ELSEWHERE = b"Atlantic/Canary"


def foreign(data: bytes) -> list[bytes]:
    """Words of the proof in some bytes; islands off Africa are none."""
    return WORDS.findall(data.replace(ELSEWHERE, b""))


def test_no_file_of_the_product_knows_the_word_of_a_canary_or_of_a_bad_build() -> None:
    assert len(PRODUCT) > 200
    found = {str(path.relative_to(ROOT)): foreign(path.read_bytes()) for path in PRODUCT}
    assert {name: words for name, words in found.items() if words} == {}


def test_the_search_for_reserved_words_finds_them() -> None:
    for text in (
        b'if "CNRY" in title:',
        b'os.environ["LEAK"]',
        b"canaries",
        b"from proof import x",
    ):
        assert foreign(text), text
    assert not foreign(b"Atlantic/Canary")
