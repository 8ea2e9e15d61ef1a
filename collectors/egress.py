"""The only way out: every request is held against the declaration before it leaves.

"Read" as PagerDuty grants it also opens contact methods, notes and audit records; this
allow-list, not the scope, is what keeps Tacit from asking for them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import HTTPAdapter

from collectors.errors import EgressRefused
from collectors.manifest import RESOURCES

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Rule:
    """One request that may leave: everything else may not."""

    method: str
    origin: str
    path: str
    query_keys: frozenset[str]


def rest_rules(origins: Iterable[str]) -> list[Rule]:
    """A GET for every declared resource at each REST origin."""
    return [
        Rule("GET", origin, resource.path, resource.query_keys())
        for origin in origins
        for resource in RESOURCES
    ]


def identity_rules(origin: str) -> list[Rule]:
    """The two calls of the OAuth client: token exchange and signing keys."""
    nothing: frozenset[str] = frozenset()
    return [
        Rule("POST", origin, "/oauth/token", nothing),
        Rule("GET", origin, "/global/oauth/anonymous/jwks", nothing),
    ]


class EgressAdapter(HTTPAdapter):
    """Refuses what no rule names; TLS is always verified, every request has time-outs."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = {(rule.method, rule.origin, rule.path): rule.query_keys for rule in rules}
        super().__init__()

    def allows(self, method: str | None, url: str | None) -> bool:
        """Whether a rule names this request."""
        try:
            parts = urlsplit(url or "")
            pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        except ValueError:
            return False
        origin = f"{parts.scheme}://{parts.netloc}"
        keys = self._rules.get((method or "", origin, parts.path))
        return keys is not None and not parts.fragment and {key for key, _ in pairs} <= keys

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send what a rule names; raises EgressRefused for anything else."""
        if not self.allows(request.method, request.url):
            raise EgressRefused("request", "not on the allow-list")
        kwargs |= {
            "timeout": (CONNECT_SECONDS, READ_SECONDS),
            "verify": kwargs.get("verify") or True,
            "proxies": None,
            "cert": None,
        }
        return super().send(request, *args, **kwargs)


def fence(session: requests.Session, rules: Iterable[Rule]) -> requests.Session:
    """Close every other way out of ``session``: adapters, redirects, environment."""
    adapter = EgressAdapter(rules)
    session.trust_env = False
    session.max_redirects = 0
    session.adapters.clear()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def open_session(rules: Iterable[Rule]) -> requests.Session:
    """The one session factory."""
    return fence(requests.Session(), rules)
