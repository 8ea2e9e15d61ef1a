"""A real worker whose jobs fail in every known way that reveals their content.

``python -m tests.guarantees.failing_worker sealed`` is the product's worker; ``plain`` is the
library's own, which shows that there is something to find.
"""

import json
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable
from typing import Literal, NoReturn

import marshmallow
import msgspec
import requests
from rq import Queue, Worker
from rq.timeouts import JobTimeoutException
from sqlalchemy import text

from app.cli.binding import bind_from_env
from app.core.config import Config
from app.extensions import bind, db, queues
from app.operations.connection import check
from app.queues import QueueName
from app.worker import work


def canary(kind: str) -> str:
    """What the job of this kind has read and nobody may keep."""
    return f"CNRY{kind.replace(' ', '')}YRNC"


def _raise(error: BaseException) -> NoReturn:
    raise error


def _cause(word: str) -> None:
    raise RuntimeError("failed") from ValueError(word)


def _context(word: str) -> None:
    try:
        int(word)
    finally:
        raise RuntimeError("failed")


def _note(word: str) -> None:
    error = RuntimeError("failed")
    error.add_note(word)
    raise error


def _http(word: str) -> None:
    response = requests.Response()
    response.status_code, response.reason = 400, word
    response.url = f"http://localhost/incidents?query={word}"
    response.raise_for_status()


def _sql(statement: str, word: str) -> None:
    with db.engine.connect() as connection:
        connection.execute(text(statement), {"word": word})


class _Known(marshmallow.Schema):
    id = marshmallow.fields.String()


class _Finalised:
    def __init__(self, word: str) -> None:
        self.word = word

    def __del__(self) -> None:
        raise ValueError(self.word)


def _thread(word: str) -> None:
    thread = threading.Thread(target=int, args=(word,))
    thread.start()
    thread.join()


KINDS: dict[str, Callable[[str], object]] = {
    "value": int,
    "foreign field": lambda word: {}[word],  # type: ignore[index] # so it fails
    "cause": _cause,
    "context": _context,
    "note": _note,
    "http": _http,
    "sql parameter": lambda word: _sql("SELECT :word FROM nothing", word),
    "driver text": lambda word: _sql(f"SELECT * FROM {word}", word),  # noqa: S608
    "json": lambda word: json.loads(f'{{"{word}": {word}}}'),
    "unknown field": lambda word: _Known().load({word: word}),
    "enumeration": lambda word: msgspec.json.decode(json.dumps(word), type=Literal["high"]),
    "bytes": lambda word: (word.encode() + b"\xff").decode(),
    "exit": lambda word: _raise(SystemExit(word)),
    "interrupt": lambda word: _raise(KeyboardInterrupt(word)),
    "group": lambda word: _raise(ExceptionGroup(word, [ValueError(word)])),
    "memory": lambda word: _raise(MemoryError(word)),
    "timeout": lambda word: _raise(JobTimeoutException(word)),
    "file": lambda word: open(f"/nowhere/{word}").read(),  # noqa: SIM115, PTH123
    "attribute": lambda word: getattr(word, word),
    "returned": lambda word: word,
    "finalised": lambda word: _Finalised(word) and None,
    "thread": _thread,
    "warning": lambda word: warnings.warn(word, stacklevel=1),
    "log call": lambda word: logging.getLogger("urllib3").error("%d", word),
}
_NAMES = list(KINDS)


def handle(kind: str) -> str:
    """The handle that makes a job fail like this."""
    return f"{_NAMES.index(kind):016x}"


def fail(handle_text: str) -> object:
    """Fail as the handle says."""
    kind = _NAMES[int(handle_text, 16)]
    return KINDS[kind](canary(kind))


def main(how: str) -> None:
    """Serve the urgent queue until SIGTERM."""
    if how == "sealed":
        bind_from_env()
        check.check = fail  # type: ignore[assignment] # what a real one returns is dropped too
        work(QueueName.URGENT)
        return
    bind(Config.from_env(os.environ))
    connection = queues.worker_redis()
    Worker([Queue(QueueName.URGENT.value, connection=connection)], connection=connection).work()


if __name__ == "__main__":
    main(sys.argv[1])
