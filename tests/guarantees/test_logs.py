"""Logs have codes, our own ids, counts and durations: a value from PagerDuty has no way in."""

import io
import json
import logging
import subprocess
import sys

import pytest

from app.core.logs import Event, event
from app.processes.process_list import ROOT
from tests.servers import environment

CANARY = "CNRYlog"
THIRD_PARTIES = ["authlib", "urllib3.connectionpool", "requests", "rq.worker", "sqlalchemy.engine"]


@pytest.mark.parametrize("name", THIRD_PARTIES)
def test_what_a_library_logs_is_reduced_to_its_name(name: str, log: io.StringIO) -> None:
    logger = logging.getLogger(name)
    logging.getLogger().setLevel(logging.DEBUG)
    logger.setLevel(logging.DEBUG)
    logger.debug("Using code_verifier: %r", CANARY)
    logger.warning(f"path {CANARY}")  # noqa: G004 - what a library may do
    try:
        int(CANARY)
    except ValueError:
        logger.exception("failed")
    logger.setLevel(logging.NOTSET)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert len(lines) == 3
    assert {line["logger"] for line in lines} == {name}
    assert lines[2]["at"].endswith("> ValueError")
    assert CANARY not in log.getvalue()


_EVERYTHING_LOUD = f"""
import logging, threading, warnings
from sqlalchemy import create_engine, text
from app.core.logs import filter_loggers, filter_python_output
logging.getLogger("urllib3")
filter_loggers()
filter_python_output()
logging.getLogger().setLevel(logging.DEBUG)
logging.getLogger("authlib").addHandler(logging.StreamHandler())
logging.getLogger("authlib").warning("code_verifier %s", "{CANARY}")
logging.getLogger("urllib3").debug("%d", "{CANARY}")
warnings.warn("{CANARY}")
with create_engine("sqlite://", echo="debug").connect() as connection:
    connection.execute(text("SELECT :word AS {CANARY}"), {{"word": "{CANARY}"}}).all()
thread = threading.Thread(target=int, args=("{CANARY}",))
thread.start()
thread.join()
class Finalised:
    def __del__(self):
        raise ValueError("{CANARY}")
Finalised()
int("{CANARY}")
"""


def test_a_process_that_logs_everything_writes_none_of_its_data() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _EVERYTHING_LOUD],
        env=environment(PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert CANARY not in ended.stdout + ended.stderr
    assert ended.stdout == ""
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    heard = {line.get("logger", line.get("event")) for line in lines}
    assert heard >= {"authlib", "urllib3", "py.warnings", "sqlalchemy.engine.Engine", "crashed"}
    crashes = [line["at"] for line in lines if line.get("event") == "crashed"]
    assert len(crashes) == 3
    assert all(at.endswith("> ValueError") for at in crashes)


def test_an_event_takes_handles_numbers_and_words_of_closed_lists(log: io.StringIO) -> None:
    event(Event.PURGED, purge="0123456789abcdef", rows=3, seconds=0.5, word=Event.LOGIN)
    line = json.loads(log.getvalue())
    assert line["event"] == "purged"
    assert line["purge"] == "0123456789abcdef"
    assert line["word"] == "login"


@pytest.mark.parametrize("text", [CANARY, "", "0123456789ABCDEF", "0123456789abcdef0"])
def test_an_event_refuses_any_other_text(text: str) -> None:
    with pytest.raises(TypeError, match="neither a handle nor a word"):
        event(Event.PURGED, purge=text)
