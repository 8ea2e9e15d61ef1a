"""Only declared requests leave: whatever a bug or a hostile answer asks for."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.egress import EgressAdapter, identity_rules, open_session, rest_rules
from collectors.errors import EgressRefused
from collectors.manifest import RESOURCES

API = "https://api.pagerduty.com"
IDENTITY = "https://identity.pagerduty.com"
ADAPTER = EgressAdapter([*rest_rules([API]), *identity_rules(IDENTITY)])
DECLARED_PATHS = sorted({resource.path for resource in RESOURCES})


def test_every_declared_request_may_leave() -> None:
    for resource in RESOURCES:
        query = urlencode(dict.fromkeys(resource.query_keys(), "1"))
        assert ADAPTER.allows("GET", f"{API}{resource.path}?{query}".rstrip("?")), resource.name
    assert ADAPTER.allows("POST", f"{IDENTITY}/oauth/token")


@pytest.mark.parametrize(
    "url",
    [
        f"{API}/users",
        f"{API}/users/PABC123",
        f"{API}/users/PABC123/contact_methods",
        f"{API}/incidents/PABC123",
        f"{API}/incidents/PABC123/notes",
        f"{API}/incidents/",
        f"{API}//incidents",
        f"{API}/incidents/../users",
        f"{API}/incidents%2f..%2fusers",
        f"{API}/incidents?include[]=users",
        f"{API}/incidents?include%5B%5D=users",
        f"{API}/incidents?limit=1&query=x",
        f"{API}/incidents#fragment",
        f"{API}:444/incidents",
        f"{API}@evil.example/incidents",
        "https://x@api.pagerduty.com/incidents",
        "http://api.pagerduty.com/incidents",
        "https://api.pagerduty.com.evil.example/incidents",
        "https://evil.example/incidents",
        "https://127.0.0.1/incidents",
        "file:///etc/passwd",
        "",
    ],
)
def test_nothing_else_may_leave(url: str) -> None:
    assert not ADAPTER.allows("GET", url)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", None])
def test_no_other_verb_may_leave(method: str | None) -> None:
    assert not ADAPTER.allows(method, f"{API}/incidents")


def _paths() -> st.SearchStrategy[str]:
    piece = st.text("abcdefgh/._-%0123456789", max_size=12)
    return st.builds(lambda path, more: path + more, st.sampled_from(DECLARED_PATHS), piece)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from([API, IDENTITY, "https://evil.example"]), _paths())
def test_no_invented_path_may_leave(origin: str, path: str) -> None:
    declared = origin == API and path.split("?", maxsplit=1)[0] in DECLARED_PATHS
    assert ADAPTER.allows("GET", origin + path) == declared


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with open_session(rest_rules([API])) as opened:
        yield opened


def test_the_session_raises_before_a_socket_is_opened(session: requests.Session) -> None:
    with pytest.raises(EgressRefused):
        session.get("https://evil.example/incidents")


def test_the_session_ignores_the_environment_and_redirects(session: requests.Session) -> None:
    assert session.trust_env is False
    assert session.max_redirects == 0
    assert {type(adapter) for adapter in session.adapters.values()} == {EgressAdapter}
