"""Accounts that differ only in what is forbidden: whether they leave the same bytes."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import zip_longest
from pathlib import Path

from app.processes.process_list import ROOT
from proof.installation.processes import environment
from proof.leaky_builds import leaky
from proof.progress import progress
from proof.registry import word

LEFT = (
    "dump-collected",
    "dump-deleted",
    "log",
    "report.json",
    "report.csv",
    "findings.csv",
    "export.json",
)
"""What a run leaves; `proof.deterministic_run` writes it."""
_TIME_OUT = 300


@dataclass(frozen=True, slots=True)
class Account:
    """The forbidden values of one account: random in ``word``, longer by ``tail``."""

    word: str
    tail: str = ""


def accounts() -> list[Account]:
    """The first two differ in no length; then longer values, then other alphabets."""
    return [Account(word()), Account(word()), Account(word(), "x" * 41), Account(word(), "Ж漢🔥é")]


def differences(of: Sequence[Account], moment: datetime, **environ: str) -> dict[str, str]:
    """The files that differ from the first account's, each with the first line that does.

    ``environ`` is added to the environment of the processes.
    """
    with tempfile.TemporaryDirectory(prefix="tacit-", dir="/tmp") as parent:
        folders = [Path(parent) / str(number) for number, _ in enumerate(of)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for each in [
                pool.submit(_run, account, folder, moment, environ)
                for account, folder in zip(of, folders, strict=True)
            ]:
                each.result()
        first, *others = folders
        return {
            f"{other.name}: {name}": _difference(first / name, other / name)
            for other in others
            for name in LEFT
            if (other / name).read_bytes() != (first / name).read_bytes()
        }


def _difference(one: Path, other: Path) -> str:
    pairs = zip_longest(one.read_bytes().split(b"\n"), other.read_bytes().split(b"\n"))
    return next(f"{line!r} and {another!r}" for line, another in pairs if line != another)


def is_equal(moment: datetime) -> bool:
    """Whether nothing differs, and whether the comparison is worth something."""
    plain, *others = accounts()
    with ThreadPoolExecutor() as pool:
        sound = pool.submit(differences, [plain, *others], moment)
        # A build that logs how long a title is must be caught, else equal bytes say nothing.
        control = pool.submit(differences, [plain, others[1]], moment, **leaky("length_logged"))
    progress(f"noninterference: {sound.result() or 'equal'}")
    progress(f"noninterference, leaking build: {control.result()}")
    return not sound.result() and list(control.result()) == ["1: log"]


def _run(account: Account, folder: Path, moment: datetime, environ: dict[str, str]) -> None:
    folder.mkdir()
    arguments = {**asdict(account), "moment": moment.isoformat(), "folder": str(folder)}
    # What a set is ordered by must be its members, and not the dice of one process.
    ended = subprocess.run(
        [sys.executable, "-m", "proof.deterministic_run", json.dumps(arguments)],
        cwd=ROOT,
        env=environment(PYTHONHASHSEED="0", **environ),
        capture_output=True,
        text=True,
        timeout=_TIME_OUT,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
