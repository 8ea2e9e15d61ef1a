"""Everything one running sandbox knows, reachable from its Flask application."""

from dataclasses import dataclass, field
from typing import cast

from flask import Flask, current_app

from sandbox.account.account import Account
from sandbox.account.editing import Editor
from sandbox.errors import ErrorBodies
from sandbox.faults import FaultPlan
from sandbox.identity.provider import Provider
from sandbox.planting import Planter
from sandbox.request_log import RequestLog
from sandbox.rest.limits import RateLimiter
from sandbox.sent_markers import SentMarkers
from sandbox.settings import Settings

_KEY = "sandbox"


@dataclass(frozen=True, slots=True)
class State:
    settings: Settings
    account: Account
    provider: Provider
    errors: ErrorBodies
    limiter: RateLimiter
    editor: Editor
    planter: Planter | None = None
    sent: SentMarkers | None = None
    request_log: RequestLog = field(default_factory=RequestLog)
    faults: FaultPlan = field(default_factory=FaultPlan)


def attach(app: Flask, state: State) -> None:
    app.extensions[_KEY] = state


def of(app: Flask) -> State:
    return cast("State", app.extensions[_KEY])


def current() -> State:
    return of(current_app)
