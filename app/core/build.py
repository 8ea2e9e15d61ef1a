"""Which program this is: its version and a hash of its sources, for receipts to name."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_FOLDERS = ("app", "collectors", "migrations")
_KINDS = frozenset({".py", ".toml", ".txt"})


@dataclass(frozen=True, slots=True)
class Build:
    """``sources`` is a SHA-256, as hexadecimal digits."""

    version: str
    sources: str


@cache
def build() -> Build:
    """Read once per process: what is on the disk afterwards is another build."""
    return Build(version("tacit"), digest(_ROOT))


def digest(root: Path) -> str:
    """SHA-256 of the lines that ``sha256sum`` prints of every source file, sorted by path."""
    files = sorted(
        (path.relative_to(root).as_posix(), path)
        for folder in _FOLDERS
        for path in (root / folder).rglob("*")
        if path.suffix in _KINDS and path.is_file()
    )
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n" for name, path in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
