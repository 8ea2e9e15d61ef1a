"""The rules of the test run itself: nothing skipped in CI, nothing outside this machine."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SKIPPING = """
import pytest

def test_kept():
    pass

def test_skipped():
    pytest.skip("no chromium")

@pytest.mark.shared
def test_reads_shared():
    pytest.skip("no shared folder beside the checkout")
"""
RUN = """
import sys
from pathlib import Path
import pytest
import tests.skips
tests.skips.SHARED = Path(sys.argv[2])
sys.exit(pytest.main(["-q", "-ra", "-p", "tests.skips", "-p", "no:cacheprovider", "-c", "none.ini",
                      "-o", "markers=shared: reads it", sys.argv[1]]))
"""


def outcome(folder: Path, text: str, *, ci: bool, shared: Path) -> str:
    """The closing lines of a run of one file in a folder of its own."""
    (folder / "test_it.py").write_text(text)
    (folder / "none.ini").touch()
    # The options of the run that this test belongs to name its own result file.
    environment = {
        **os.environ,
        "PYTEST_ADDOPTS": "",
        "CI": "true" if ci else "",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", RUN, str(folder / "test_it.py"), str(shared)]
    ended = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.stdout


def test_in_ci_a_skip_is_a_failure_but_for_a_shared_folder_that_is_not_there(
    tmp_path: Path,
) -> None:
    said = outcome(tmp_path, SKIPPING, ci=True, shared=tmp_path / "absent")
    assert "1 failed, 1 passed, 1 skipped" in said
    assert "no chromium" in said


def test_in_ci_a_shared_folder_that_is_there_must_be_read(tmp_path: Path) -> None:
    assert "2 failed, 1 passed" in outcome(tmp_path, SKIPPING, ci=True, shared=tmp_path)


def test_in_ci_a_whole_file_may_not_skip_itself(tmp_path: Path) -> None:
    text = "import pytest\npytest.importorskip('no_such_module')\n"
    said = outcome(tmp_path, text, ci=True, shared=tmp_path)
    assert "1 error" in said
    assert "no_such_module" in said


def test_elsewhere_a_skip_is_a_skip_and_its_reason_is_shown(tmp_path: Path) -> None:
    said = outcome(tmp_path, SKIPPING, ci=False, shared=tmp_path)
    assert "1 passed, 2 skipped" in said
    assert "no chromium" in said


def test_no_test_reaches_another_machine() -> None:
    with (
        socket.socket() as door,
        pytest.warns(UserWarning, match="tried to use socket"),
        pytest.raises(RuntimeError, match=r"203\.0\.113\.1"),
    ):
        door.connect(("203.0.113.1", 80))
