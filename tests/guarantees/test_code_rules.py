"""Rules of the code itself: import contracts, sizes, no path or host of one machine."""

import re
import statistics
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    path for folder in ("app", "collectors", "sandbox") for path in (ROOT / folder).rglob("*.py")
]


def test_every_import_follows_the_contracts() -> None:
    lint = ROOT / ".venv" / "bin" / "lint-imports"
    ended = subprocess.run([str(lint)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


def test_modules_stay_small() -> None:
    lines = {path: len(path.read_text().splitlines()) for path in SOURCES}
    assert max(lines.values()) <= 250, max(lines, key=lambda path: lines[path])
    assert statistics.median(lines.values()) <= 80


def test_the_locks_name_no_registry_and_pin_every_hash() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text()
        assert not re.search(r"https?://|--index-url|--extra-index", text)
        for block in re.split(r"\n(?=\S)", text):
            assert re.match(r"#", block) or "==" not in block or "--hash=sha256:" in block, block
