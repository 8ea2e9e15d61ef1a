"""Checks of every request: faults, credentials, limits; and the request log."""

import re
from datetime import UTC, datetime
from time import sleep

from flask import Flask, Response, g, make_response, request
from werkzeug.exceptions import HTTPException

from sandbox.damaged_responses import damage
from sandbox.errors import ACCESS_DENIED, BAD_REQUEST, NOT_FOUND, RefusalError
from sandbox.replaced_responses import replacement
from sandbox.rest.caller import check_version, identify
from sandbox.state import current

TOO_MANY = 429
_BACK_DOOR = "/__sandbox/"
_REST = "rest"
_UNANSWERED = {"reset", "hang"}
_PLACEHOLDER = re.compile(r"<\w+>")


def install(app: Flask) -> None:
    app.before_request(_check)
    app.after_request(_record)
    app.teardown_request(_leave)
    app.register_error_handler(RefusalError, _refusal)
    app.register_error_handler(HTTPException, _unknown)


def _unseen() -> bool:
    return request.path.startswith(_BACK_DOOR) or request.path == "/favicon.ico"


def _template() -> str:
    """The path as in PagerDuty's document: `/teams/{id}/members`."""
    rule = request.url_rule.rule if request.url_rule else request.path
    return _PLACEHOLDER.sub("{id}", rule)


def _check() -> Response | None:
    """Check a request: faults for all, credentials and limits for REST."""
    if _unseen():
        return None
    state = current()
    is_rest = request.blueprint == _REST
    if is_rest:
        g.token = request.headers.get("Authorization", "")
        state.request_log.enter(g.token)
    fault = state.faults.meet(request.path)
    if fault is not None and fault.replaces:
        if fault.kind in _UNANSWERED:
            _note(0)
        return replacement(fault)
    g.fault = fault
    if is_rest:
        _admit()
    return None


def _admit() -> None:
    state = current()
    sleep(state.settings.latency_ms / 1000)
    if request.method != "GET":
        raise RefusalError(405, 2101, "Only GET is served here.")
    g.caller = identify(request, state.provider.vault)
    standing = state.limiter.admit(g.caller.budget, request.path)
    if standing is not None:
        g.limit_headers = standing.headers()
        if not standing.allowed:
            raise RefusalError(TOO_MANY, 2020, "Wait for ratelimit-reset.")
    check_version(request)
    for closed in state.settings.forbidden:
        begins = closed.endswith("*") and request.path.startswith(closed[:-1])
        if begins or closed in {request.path, _template()}:
            raise RefusalError(ACCESS_DENIED, 2010, "Your role may not read this.")


def _refusal(error: RefusalError) -> Response:
    if error.status == 405:
        current().request_log.refuse()
    errors = current().errors
    if request.path.startswith("/v3/") and error.status == BAD_REQUEST:
        return make_response(errors.by_field(error.code, error.detail, error.field), error.status)
    return make_response(errors.body(error.code, error.detail), error.status)


def _unknown(error: HTTPException) -> Response:
    """Anything that is not built: refused, and counted unless it came by the back door."""
    if not request.path.startswith(_BACK_DOOR):
        current().request_log.refuse()
    status = error.code or NOT_FOUND
    code = 2101 if status == 405 else 2100
    return make_response(current().errors.body(code, "Not served here."), status)


def _record(response: Response) -> Response:
    response.headers.update(g.get("limit_headers", {}))
    if _unseen():
        return response
    state = current()
    if state.planter is not None:
        state.planter.plant(_template(), response)
    if g.get("fault") is not None:
        response = damage(g.fault, response)
    if state.sent is not None:
        state.sent.note(response)
    _note(response.status_code)
    return response


def _leave(_: BaseException | None) -> None:
    if "token" in g:
        current().request_log.leave(g.token)


def _note(status: int) -> None:
    current().request_log.note(
        time=datetime.now(UTC).isoformat(),
        method=request.method,
        path=request.path,
        template=_template(),
        query={key: request.args.getlist(key) for key in request.args},
        status=status,
        page_size=g.get("page_size"),
        token=g.get("token", ""),
    )
