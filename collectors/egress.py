"""The egress rules: every request is checked against the declaration before it leaves.

PagerDuty's read scope also opens contact methods, notes and audit records; this allow-list, not
the scope, prevents Tacit from requesting them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import HTTPAdapter

from collectors.errors import EgressRefused
from collectors.identity import IDENTITY_CALLS
from collectors.manifest import RESOURCES
from collectors.resource import Resource, Span

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
Timeouts = tuple[float, float]
"""Seconds to connect, and to wait for each piece of a response."""
_PRINTABLE = re.compile(r"[!-~]+")
_NUMBER = re.compile(r"[0-9]{1,6}")
_BOOLEAN = re.compile(r"true|false")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_ID = "[A-Za-z0-9_-]{1,64}"
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One request that may leave; all others may not.

    ``{id}`` in the path is replaced by one id; ``fixed`` lists the values that a query key may
    have, ``free`` the form of those that we fill in.
    """

    method: str
    origin: str
    path: str
    fixed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    free: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    def pattern(self) -> re.Pattern[str]:
        """What the path must match from end to end."""
        return re.compile(_ID.join(map(re.escape, self.path.split("{id}"))))

    def covers(self, query: Pairs) -> bool:
        """Whether every key and value is declared, and none occurs twice."""
        once = max(Counter(query).values(), default=1) == 1
        keys = Counter(key for key, _ in query if key in self.free)
        return (
            once
            and max(keys.values(), default=1) == 1
            and all(self._knows(key, value) for key, value in query)
        )

    def _knows(self, key: str, value: str) -> bool:
        form = self.free.get(key)
        if form is not None:
            return form.fullmatch(value) is not None
        return value in self.fixed.get(key, ())


def rest_rules(origins: Iterable[str], extensions: Iterable[str] = ()) -> list[Rule]:
    """A GET for every declared resource at each REST origin; of the extensions, those named."""
    allowed = set(extensions)
    return [
        Rule("GET", origin, resource.path, resource.fixed_values(), _free(resource))
        for origin in origins
        for resource in RESOURCES
        if not resource.extension or resource.name in allowed
    ]


def _free(resource: Resource) -> dict[str, re.Pattern[str]]:
    free: dict[str, re.Pattern[str]] = {}
    if resource.paged:
        free |= {"limit": _NUMBER, "offset": _NUMBER, "total": _BOOLEAN}
    if resource.span is not Span.NONE:
        free |= {"since": _INSTANT, "until": _INSTANT}
    return free


def identity_rules(origin: str) -> list[Rule]:
    """The declared calls of the OAuth client."""
    return [Rule(call.method, origin, call.path) for call in IDENTITY_CALLS]


class EgressAdapter(HTTPAdapter):
    """Refuses what no rule allows; TLS is always verified, every request has time-outs."""

    def __init__(
        self, rules: Iterable[Rule], timeouts: Timeouts = (CONNECT_SECONDS, READ_SECONDS)
    ) -> None:
        self._timeouts = timeouts
        self._rules: dict[tuple[str, str], list[tuple[re.Pattern[str], Rule]]] = {}
        for rule in rules:
            at = self._rules.setdefault((rule.method, rule.origin), [])
            at.append((rule.pattern(), rule))
        super().__init__()

    def allows(self, method: str | None, url: str | None) -> bool:
        """Whether a rule allows this request."""
        # urlsplit drops tabs and line ends silently: the URL that is checked must be the one sent.
        if not url or not _PRINTABLE.fullmatch(url):
            return False
        try:
            parts = urlsplit(url)
            query = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        except ValueError:
            return False
        rules = self._rules.get((method or "", f"{parts.scheme}://{parts.netloc}"), ())
        return "#" not in url and any(
            path.fullmatch(parts.path) and rule.covers(query) for path, rule in rules
        )

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send what a rule allows. Raises EgressRefused for any other request."""
        if not self.allows(request.method, request.url):
            raise EgressRefused("request", "not on the allow-list")
        kwargs |= {
            "timeout": self._timeouts,
            "verify": kwargs.get("verify") or True,
            "proxies": None,
            "cert": None,
        }
        return super().send(request, *args, **kwargs)


def restrict(
    session: requests.Session,
    rules: Iterable[Rule],
    timeouts: Timeouts = (CONNECT_SECONDS, READ_SECONDS),
) -> requests.Session:
    """Let only declared requests leave ``session``: adapters, redirects, environment."""
    adapter = EgressAdapter(rules, timeouts)
    session.trust_env = False
    session.max_redirects = 0
    session.adapters.clear()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def open_session(rules: Iterable[Rule]) -> requests.Session:
    """The one session factory."""
    return restrict(requests.Session(), rules)
