"""Twelve ways to leak, each of them seen somewhere before."""

import base64
import contextlib
import gzip
import hashlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable
from typing import Any

import flask
import requests
from flask import Response
from sqlalchemy import text

import collectors.egress
from app import jobs
from app.core.errors import Busy
from app.extensions import db, queues
from collectors.client import response as response_module

_TITLE = re.compile(rb'"title":"([^"]+)"')
_SUMMARY = re.compile(rb'"summary":"([^"]+)"')
_NAME = re.compile(rb'"name":"([^"]+)"')
_KEY = re.compile(rb'"details":\{"([^"]+)"')
_MOST = 20
Found = list[bytes]


def _replace(owner: Any, name: str, leaky: object) -> Any:
    """Put ``leaky`` in the place of what the product has; returns that. Fails without one."""
    sound = getattr(owner, name)
    setattr(owner, name, leaky)
    return sound


def _on_body(resource: str, pattern: re.Pattern[bytes], leak: Callable[[Found], None]) -> None:
    """Call ``leak`` with what stands in the answers of a resource, as they are read."""

    def reading(request: Any, response: Any, overdue: Any) -> Any:
        body = read(request, response, overdue)
        ours = isinstance(body, bytes) and request.name == resource
        if ours and (found := pattern.findall(body)):
            leak(found[:_MOST])
        return body

    read = _replace(response_module, "read_body", reading)


def _say(words: bytes) -> None:
    sys.stderr.flush()
    os.write(2, words + b"\n")


def _in_table(statement: str, values: list[Any]) -> None:
    # While a page is written the lock is not free; the next response leaks as well.
    with contextlib.suppress(Busy), db.write() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS seeded (it TEXT, raw BLOB)"))
        connection.execute(text(statement), [{"it": each} for each in values])


def exception_in_result() -> None:
    """The text of an exception, packed, in what RQ keeps of a failed job."""

    def unguarded(_job: object, work: Callable[[str], object], handle: str) -> None:
        work(handle)

    def fail(titles: Found) -> None:
        raise ValueError(f"cannot read {titles[0].decode()}")

    _replace(jobs, "_run", unguarded)
    _on_body("incidents", _TITLE, fail)


def title_column() -> None:
    """Titles in a text column."""
    statement = "INSERT INTO seeded (it) VALUES (:it)"
    _on_body(
        "incidents",
        _TITLE,
        lambda titles: _in_table(statement, [each.decode() for each in titles]),
    )


def title_logged() -> None:
    """A log line that quotes."""
    _on_body("incidents", _TITLE, lambda titles: _say(b"skipped " + titles[0]))


def token_logged() -> None:
    """The header of a request, logged to find an error."""

    def sending(self: Any, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        _say(str(request.headers).encode())
        return send(self, request, *args, **kwargs)

    send = _replace(collectors.egress.EgressAdapter, "send", sending)


def key_logged() -> None:
    """The name of a field nobody declared."""
    _on_body("incidents", _KEY, lambda keys: _say(b"unknown field " + keys[0]))


def digest_stored() -> None:
    """A hash of a title, to know it again."""
    statement = "INSERT INTO seeded (raw) VALUES (:it)"
    _on_body(
        "incidents",
        _TITLE,
        lambda titles: _in_table(statement, [hashlib.sha256(each).digest() for each in titles]),
    )


def base64_in_queue() -> None:
    """A title handed on through the queue server."""

    def keep(titles: Found) -> None:
        with queues.redis() as connection:
            connection.set("seeded", base64.b64encode(titles[0]))

    _on_body("incidents", _TITLE, keep)


def temporary_file() -> None:
    """An answer put aside."""

    def keep(titles: Found) -> None:
        with tempfile.NamedTemporaryFile(delete=False) as file:
            file.write(gzip.compress(b"\n".join(titles)))

    _on_body("incidents", _TITLE, keep)


def cached_in_page() -> None:
    """Who consented, in a page of another day."""

    def add(answer: Response, name: bytes) -> None:
        if answer.mimetype == "text/html":
            answer.set_data(answer.get_data() + b"<!-- " + name + b" -->")

    _in_responses(add)


def report_field() -> None:
    """One field more in a download."""

    def add(answer: Response, name: bytes) -> None:
        if answer.mimetype == "application/json" and "Content-Disposition" in answer.headers:
            document = json.loads(b"".join(answer.iter_encoded()))
            answer.set_data(json.dumps({**document, "connected_by": name.decode()}))

    _in_responses(add)


def _in_responses(leak: Callable[[Response, bytes], None]) -> None:
    known: Found = []
    _on_body("authorizer", _NAME, known.extend)

    def processing(self: Any, response: Response) -> Response:
        if known and not response.direct_passthrough:
            leak(response, known[0])
        made: Response = process(self, response)
        return made

    process = _replace(flask.Flask, "process_response", processing)


def deleted_row() -> None:
    """Texts that were written and taken back: the write-ahead log still has them."""

    def pass_through(summaries: Found) -> None:
        values = [summaries[0].decode()]
        _in_table("INSERT INTO seeded (it) VALUES (:it)", values)
        _in_table("DELETE FROM seeded WHERE it = :it", values)

    # The last that is read: the log begins again from time to time.
    _on_body("log_entries", _SUMMARY, pass_through)


def wide_log() -> None:
    """A log line in UTF-16."""
    _on_body("incidents", _TITLE, lambda titles: _say(titles[0].decode().encode("utf-16-le")))


LEAKS: dict[str, tuple[Callable[[], None], str]] = {
    "exception_in_result": (exception_in_result, "queue memory"),
    "title_column": (title_column, "rows"),
    "title_logged": (title_logged, "logs"),
    "token_logged": (token_logged, "logs"),
    "key_logged": (key_logged, "logs"),
    "digest_stored": (digest_stored, "rows"),
    "base64_in_queue": (base64_in_queue, "queue memory"),
    "temporary_file": (temporary_file, "temporary files"),
    "cached_in_page": (cached_in_page, "pages"),
    "report_field": (report_field, "reports"),
    "deleted_row": (deleted_row, "write-ahead log"),
    "wide_log": (wide_log, "logs"),
}
"""By name: what it changes, and the sink it must be found in."""


def length_logged() -> None:
    """How long a title is: no search finds that, only the comparison of two accounts."""
    _on_body("incidents", _TITLE, lambda titles: _say(b"skipped %d bytes" % len(titles[0])))


UNSEARCHABLE: dict[str, Callable[[], None]] = {"length_logged": length_logged}


def spring(name: str) -> None:
    """Make this process leak."""
    leak = UNSEARCHABLE.get(name) or LEAKS[name][0]
    leak()
