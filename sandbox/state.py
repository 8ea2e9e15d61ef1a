"""Everything one running sandbox knows, reachable from its Flask application."""

from dataclasses import dataclass, field
from typing import cast

from flask import Flask, current_app

from sandbox.account.account import Account
from sandbox.account.editing import Editor
from sandbox.errors import ErrorBodies
from sandbox.faults import FaultPlan
from sandbox.identity.provider import Provider
from sandbox.ledger import Ledger
from sandbox.painting import Painter
from sandbox.rest.limits import RateLimiter
from sandbox.sent import Sent
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
    painter: Painter | None = None
    sent: Sent | None = None
    ledger: Ledger = field(default_factory=Ledger)
    faults: FaultPlan = field(default_factory=FaultPlan)


def attach(app: Flask, state: State) -> None:
    app.extensions[_KEY] = state


def of(app: Flask) -> State:
    return cast("State", app.extensions[_KEY])


def current() -> State:
    return of(current_app)
