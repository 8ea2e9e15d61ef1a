"""What a sandbox is started with."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

SANDBOX_API_KEY = "u+sandboxReadOnlyKey"
"""An account API key (`Authorization: Token token=…`) that reads everything."""

COOKIE_NAME = "pd_sandbox"


@dataclass(frozen=True, slots=True)
class Settings:
    """One sandbox; the defaults are a small account that `make run` can connect to.

    `as_of` is the instant at which the generated account ends (None: when it is built),
    `times` multiplies its incidents and log entries, `rate_limit` is requests per minute and
    token (0: off, for on-calls too). `absent_abilities` are taken from `/abilities` and
    answered with 402 where a request needs them; `forbidden` are paths, as in the document or
    with `*` at the end, that are answered with 403. `canaries` is the word of a proof (six
    letters of base 32): every answer then carries more that is forbidden than PagerDuty's does,
    and what was sent is remembered; with `canary_ids` ids and tokens are canaries too.
    `revocation` offers RFC 7009 in the discovery document.
    """

    size: str = "small"
    times: int = 1
    seed: int = 1
    account_file: Path | None = None
    example: str | None = None
    as_of: datetime | None = None
    rate_limit: int = 960
    oncalls_limit: int = 240
    latency_ms: int = 0
    redirect_uri: str = "http://127.0.0.1:8000/oauth/callback"
    client_id: str = "tacit-sandbox"
    client_secret: str = field(default="tacit-sandbox-only", repr=False)
    subdomain: str = "acme"
    access_token_seconds: int = 864_000
    absent_abilities: frozenset[str] = frozenset()
    forbidden: tuple[str, ...] = ()
    canaries: str = ""
    canary_ids: bool = False
    revocation: bool = False
