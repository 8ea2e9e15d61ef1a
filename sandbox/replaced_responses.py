"""Answers that stand in for the real one: errors, silence, a page of HTML, far too much."""

import select
import socket
import zlib
from collections.abc import Callable, Iterator
from time import monotonic
from typing import cast

from flask import Response, current_app, make_response, request

from sandbox.errors import MESSAGES
from sandbox.faults import Fault
from sandbox.state import current

_CODES = {400: 2001, 401: 2006, 402: 2014, 403: 2010, 404: 2100, 408: 2016, 429: 2020}
_CHUNK = b" " * (1 << 16)
_HTML = "<!doctype html><title>Down for maintenance</title><p>We will be back shortly."


class HungUpError(ConnectionError):
    """The client gave up, or has waited as long as the fault lasts."""


def replacement(fault: Fault) -> Response:
    """Raises ConnectionError where there is to be no answer at all."""
    return _ANSWERS.get(fault.kind, _error)(fault)


def _reset(_: Fault) -> Response:
    raise ConnectionResetError


def _hang(fault: Fault) -> Response:
    wait_for_the_end(fault.seconds)
    raise HungUpError


def wait_for_the_end(seconds: float) -> None:
    """Returns when the client has closed its end, or after `seconds`."""
    link = cast("socket.socket | None", request.environ.get("werkzeug.socket"))
    end = monotonic() + seconds
    while link is not None and monotonic() < end:
        readable, _, _ = select.select([link], [], [], 0.1)
        if readable and not link.recv(1, socket.MSG_PEEK):
            return


def _error(fault: Fault) -> Response:
    code = fault.code if fault.code in MESSAGES else _CODES.get(fault.status, 2000)
    body = current().errors.body(code, "Planted.")
    return make_response(body, fault.status)


def _too_many(fault: Fault) -> Response:
    if not fault.headers:
        return make_response("", 429)
    headers = {
        "ratelimit-limit": str(current().settings.rate_limit),
        "ratelimit-remaining": "0",
        "ratelimit-reset": str(fault.reset_seconds),
    }
    return make_response(current().errors.body(2020, "Planted."), 429, headers)


def _html(_: Fault) -> Response:
    marker = current().errors.html()
    return make_response(f"{_HTML} {marker}", 200, {"Content-Type": "text/html"})


def _redirect(fault: Fault) -> Response:
    return make_response("", 302, {"Location": fault.to})


def _refuse_grant(_: Fault) -> Response:
    body = {"error": "invalid_grant", "error_description": current().errors.oauth()}
    return make_response(body, 400)


def _spaces(count: int, marker: str) -> Iterator[bytes]:
    """A JSON document of that many bytes, almost all of it blank."""
    body = f'{{"{marker}":"{marker}"}}'.encode() if marker else b"{}"
    for left in range(count - len(body), 0, -len(_CHUNK)):
        yield _CHUNK[:left]
    yield body


def _odd_key() -> str:
    return current().errors.blank() if current().planter is not None else ""


def _oversize(fault: Fault) -> Response:
    blank = _spaces(fault.bytes, _odd_key())
    response = current_app.response_class(blank, mimetype="application/json")
    if fault.headers:
        response.content_length = max(2, fault.bytes)
    return response


def _bomb(fault: Fault) -> Response:
    press = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    blank = _spaces(fault.bytes, _odd_key())
    body = b"".join([press.compress(part) for part in blank] + [press.flush()])
    return current_app.response_class(
        body, mimetype="application/json", headers={"Content-Encoding": "gzip"}
    )


_ANSWERS: dict[str, Callable[[Fault], Response]] = {
    "reset": _reset,
    "hang": _hang,
    "429": _too_many,
    "html": _html,
    "redirect": _redirect,
    "invalid_grant": _refuse_grant,
    "oversize": _oversize,
    "bomb": _bomb,
}
