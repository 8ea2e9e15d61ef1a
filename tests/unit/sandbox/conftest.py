import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from sandbox.application import create_sandbox
from sandbox.identity.id_token import Signer
from tests.unit.sandbox.sandbox_browser import SETTINGS, Browser

AS_OF = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def signing_key() -> RSAKey:
    return RSAKey.generate_key(2048, auto_kid=True)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, signing_key: RSAKey) -> Callable[..., Browser]:
    """Starts a sandbox of its own; making a new RSA key each time would be most of the run."""

    def ready(account: Any, client_id: str) -> Signer:
        return Signer(account, client_id, signing_key)

    monkeypatch.setattr(Signer, "create", ready)

    def begin(**over: Any) -> Browser:
        settings = dataclasses.replace(SETTINGS, **{"as_of": AS_OF, **over})
        return Browser(create_sandbox(settings))

    return begin


@pytest.fixture
def browser(start: Callable[..., Browser]) -> Browser:
    return start()
