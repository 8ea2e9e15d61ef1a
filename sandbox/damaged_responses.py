"""Responses that are damaged after they were made: late, cut short, or with a wrong record."""

from collections.abc import Callable, Iterator
from time import sleep
from typing import Any

import msgspec
from flask import Response, stream_with_context

from sandbox.faults import Fault
from sandbox.replaced_responses import HungUpError, wait_for_the_end

_MORE = 512


def damage(fault: Fault, answer: Response) -> Response:
    """Only a good answer is spoilt; `slow` delays any."""
    if fault.kind == "slow":
        sleep(fault.seconds)
    elif answer.status_code < 300:
        _WAYS[fault.kind](fault, answer)
    return answer


def _truncated(_: Fault, answer: Response) -> None:
    """Half the body with a length to match: complete as HTTP, broken as JSON."""
    body = answer.get_data()
    answer.set_data(body[: len(body) // 2])


def _short(_: Fault, answer: Response) -> None:
    """Less than was announced: the server closes the connection before the end."""
    answer.headers["Content-Length"] = str(len(answer.get_data()) + _MORE)


def _half(fault: Fault, answer: Response) -> None:
    """Headers and half the body, then nothing more until the client gives up."""
    body = answer.get_data()

    def part() -> Iterator[bytes]:
        yield body[: len(body) // 2]
        wait_for_the_end(fault.seconds)
        raise HungUpError

    answer.response = stream_with_context(part())
    answer.headers["Content-Length"] = str(len(body))


def _edit(answer: Response, edit: Callable[[dict[str, Any], str], None]) -> None:
    """`edit` gets the body and the key of its list or object."""
    body = msgspec.json.decode(answer.get_data())
    key = next(name for name, value in body.items() if isinstance(value, list | dict))
    edit(body, key)
    answer.set_data(msgspec.json.encode(body))


def _wrong_type(fault: Fault, answer: Response) -> None:
    def edit(body: dict[str, Any], key: str) -> None:
        if fault.field == "*":
            body[key] = {"unexpected": True} if isinstance(body[key], list) else "unexpected"
            return
        parent: Any = body
        *way, last = (key, *(["0"] if isinstance(body[key], list) else []), *_steps(fault.field))
        for step in way:
            parent = parent[int(step)] if isinstance(parent, list) else parent[step]
        here: Any = int(last) if isinstance(parent, list) else last
        parent[here] = "unexpected" if isinstance(parent[here], dict | list) else {"a": "b"}

    _edit(answer, edit)


def _steps(field: str) -> list[str]:
    return field.split(".") if field else []


def _malformed(_: Fault, answer: Response) -> None:
    """The first record loses its id."""

    def edit(body: dict[str, Any], key: str) -> None:
        record = body[key][0] if isinstance(body[key], list) else body[key]
        record["id"] = None

    _edit(answer, edit)


def _next(fault: Fault, answer: Response) -> None:
    """The rest of the list is said to be elsewhere, in every way that an answer can say so."""

    def edit(body: dict[str, Any], _: str) -> None:
        body |= {"next": fault.to, "links": {"next": fault.to}}

    _edit(answer, edit)
    answer.headers["Link"] = f'<{fault.to}>; rel="next"'


_WAYS: dict[str, Callable[[Fault, Response], None]] = {
    "truncated": _truncated,
    "short": _short,
    "half": _half,
    "wrong_type": _wrong_type,
    "malformed_record": _malformed,
    "next": _next,
}
