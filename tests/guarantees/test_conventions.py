"""Every code that a text uses is defined in docs/conventions.md, as the code has it."""

import re
import subprocess
from pathlib import Path

from app.assessment.catalogue import METRICS
from app.assessment.findings.rules import RULES
from app.core.crash_points import CrashPoint
from app.models.purge import Stage

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "conventions.md").read_text()
SECTIONS = dict(re.findall(r"^## (.+)\n((?:(?!^## ).*\n)*)", PAGE, re.MULTILINE))
TEXTS = {".py", ".md", ".html", ".txt", ".toml", ".js", ".css", ".json"}
CODE = re.compile(r"\b(?:C\d{1,2}|C-[A-Z]{3}|PRIV-\d+|WE\d+|F\d{2})\b")
COMMENT = r"^ *(?:#|\"\"\").*"
PART = re.compile(rf"{COMMENT}(?:parts? \d+\.\d| \([1-9]\.\d(?:, | to |[\d.])*\)|Figure \d:? )")
"""A comment that refers to a part of a document that is not in the repository."""
CELL = re.compile(r"\b[Cc]ells? (\d+)\b|\btest_cell_(\d+)_")
FOLDERS = "app|benchmarks|collectors|docs|migrations|proof|sandbox|scripts|static|templates|tests"
ISSUE = re.compile(r"\bissues? (?:#|no\.? ?|number )?\d+|\(#\d+\)", re.IGNORECASE)


def first_cells(section: str) -> list[str]:
    """The first column of a table, without its head."""
    return re.findall(r"^\| (.+?) \|", SECTIONS[section], re.MULTILINE)[1:]


def defined() -> set[str]:
    """Codes of rules, of worked examples and of findings."""
    tables = (title for title in SECTIONS if re.match(r"(C|PRIV|WE): ", title))
    return {code for title in tables for code in first_cells(title)} | findings()


def findings() -> set[str]:
    """Codes of findings, their ranges written out."""
    bounds = (re.findall(r"\d+", row) for row in first_cells("F: findings"))
    return {f"F{n:02d}" for row in bounds for n in range(int(row[0]), int(row[-1]) + 1)}


def texts() -> dict[str, str]:
    """Every text of the repository that we write; not the lock files and the vendored scripts."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, check=True)
    paths = [Path(one) for one in listed.stdout.decode().splitlines()]
    return {
        str(path): (ROOT / path).read_text()
        for path in paths
        if path.suffix in TEXTS and path.name != "package-lock.json" and "vendor" not in path.parts
        # A file that was just moved is still listed.
        if (ROOT / path).exists()
    }


def test_no_text_uses_a_code_that_is_not_defined() -> None:
    known = defined()
    unknown = {(path, code) for path, text in texts().items() for code in CODE.findall(text)}
    assert not {each for each in unknown if each[1] not in known}


def test_no_text_uses_a_metric_that_does_not_exist() -> None:
    ids = {each.id for each in METRICS}
    families = first_cells("Metric ids")
    assert set(families) == {each.partition("-")[0] for each in ids if "-" in each}
    form = re.compile(rf"\b(?:{'|'.join(families)})-\d{{2}}\b")
    used = {(path, one) for path, text in texts().items() for one in form.findall(text)}
    assert not {each for each in used if each[1] not in ids}


def test_the_findings_are_those_of_the_rules() -> None:
    assert findings() == {rule.id for rule in RULES}


def test_the_purge_stages_are_those_of_the_code() -> None:
    rows = [each.strip("`") for each in first_cells("Purge stages")]
    assert rows == list(Stage)


def test_the_crash_points_are_those_of_the_code() -> None:
    named = re.findall(r"`([\w.<>]+)`", "\n".join(first_cells("Crash points")))
    points = [each.replace("<stage>", stage) for each in named for stage in Stage]
    assert set(points) == set(CrashPoint)


def test_the_fault_cells_are_those_of_the_tests() -> None:
    numbers = {int(each) for each in first_cells("Fault cells")}
    used = {
        (path, int(hit[0] or hit[1]))
        for path, text in texts().items()
        for hit in CELL.findall(text)
    }
    assert not {each for each in used if each[1] not in numbers}
    tested = {number for path, number in used if path.startswith("tests/faults/")}
    assert numbers == tested


def test_no_comment_refers_to_a_numbered_part_of_a_document() -> None:
    python = {path: text for path, text in texts().items() if path.endswith(".py")}
    comments = {
        (path, line)
        for path, text in python.items()
        for line in text.splitlines()
        if PART.match(line)
    }
    assert not comments


def test_no_text_names_an_issue_of_a_tracker() -> None:
    assert not {path for path, text in texts().items() if ISSUE.search(text)}


def test_every_path_that_a_document_names_exists() -> None:
    form = re.compile(
        rf"(?:`|^[a-z ]+ +-> [a-z]+ +|^scripts/.* )((?:{FOLDERS})/[\w./-]*)", re.MULTILINE
    )
    missing = {
        (name, path)
        for name, text in texts().items()
        if name.endswith(".md") and name != "CHANGELOG.md"
        for path in form.findall(text)
        if not (ROOT / path).exists()
    }
    assert not missing


def test_every_path_that_a_script_names_exists() -> None:
    form = re.compile(rf"(?<![\w./])(?:{FOLDERS})/[\w./*-]*[\w/*]")
    paths = set()
    for script in sorted((ROOT / "scripts").iterdir()):
        text = script.read_text()
        for name, value in re.findall(r"^(\w+)=([\w/]+)$", text, re.MULTILINE):
            text = text.replace(f"${name}", value)
        paths |= {(script.name, path) for path in form.findall(text)}
    assert {name for name, _ in paths} >= {"coverage", "mutate"}
    assert not {each for each in paths if not list(ROOT.glob(each[1]))}
