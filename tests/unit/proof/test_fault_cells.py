"""What the proof says of the fault cells is what pytest has said of them."""

import re
from pathlib import Path

from app.processes.process_list import ROOT
from proof.fault_cells import CELLS, read

REPORT = """<testsuites><testsuite>
<testcase name="test_cell_01_killed[sqlite]"/>
<testcase name="test_cell_01_killed[postgresql]"/>
<testcase name="test_cell_02_killed[sqlite]"/>
<testcase name="test_cell_02_killed[postgresql]"><failure message="no"/></testcase>
<testcase name="test_cell_03_killed"><error message="no"/></testcase>
<testcase name="test_cell_04_killed"><skipped message="no"/></testcase>
<testcase name="test_cell_37_is_one_more"/>
<testcase name="test_every_crash_point_is_hit"><failure message="no"/></testcase>
<testcase name="test_something_else"/>
</testsuite></testsuites>"""


def test_a_cell_passes_when_all_of_its_tests_do(tmp_path: Path) -> None:
    report = tmp_path / "faults.xml"
    report.write_text(REPORT)
    found = read(report)
    assert found.run == {1, 2, 3, 4}
    assert found.passed == {1}
    assert found.others == ("test_every_crash_point_is_hit",)


def test_the_folder_has_a_test_for_every_cell() -> None:
    texts = [path.read_text() for path in (ROOT / "tests" / "faults").glob("test_*.py")]
    named = {int(one) for text in texts for one in re.findall(r"def test_cell_(\d+)_", text)}
    assert len(CELLS) == 42
    assert named >= CELLS
