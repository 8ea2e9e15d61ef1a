"""Which build made a receipt: anybody with the sources can find the same number."""

import subprocess
from pathlib import Path

from app.core.build import build, digest
from app.processes.process_list import ROOT

_BY_HAND = """
find app collectors migrations -type f \\( -name '*.py' -o -name '*.toml' -o -name '*.txt' \\) \
| LC_ALL=C sort | xargs sha256sum | sha256sum
"""


def _sources(folder: Path) -> Path:
    for name in ("app/a.py", "app/b/c.toml", "collectors/zones.txt", "migrations/versions/1.py"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def test_the_number_is_found_again_with_the_tools_of_any_machine() -> None:
    found = subprocess.run(
        ["bash", "-c", _BY_HAND], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert digest(ROOT) == found.stdout.split()[0]
    assert build().version
    assert len(build().sources) == 64


def test_every_change_of_a_source_is_another_build(tmp_path: Path) -> None:
    root = _sources(tmp_path)
    seen = {digest(root)}
    (root / "app/a.py").write_text("changed")
    seen.add(digest(root))
    (root / "app/a.py").rename(root / "app/d.py")
    seen.add(digest(root))
    (root / "collectors/new.py").write_text("")
    seen.add(digest(root))
    assert len(seen) == 4


def test_only_source_files_are_part_of_the_build(tmp_path: Path) -> None:
    root = _sources(tmp_path)
    before = digest(root)
    (root / "app/__pycache__").mkdir()
    (root / "app/__pycache__/a.pyc").write_bytes(b"compiled")
    (root / "tests").mkdir()
    (root / "tests/test_a.py").write_text("")
    assert digest(root) == before
