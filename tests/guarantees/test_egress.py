"""Only declared requests leave, also after a bug or a hostile response."""

import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from requests.adapters import HTTPAdapter

from collectors.egress import (
    EgressAdapter,
    identity_rules,
    open_session,
    rest_rules,
    restrict,
)
from collectors.errors import EgressRefused
from collectors.identity import DISCOVERY_PATH, REVOCATION_PATH
from collectors.manifest import RESOURCES
from collectors.resource import Resource, Span

API = "https://api.pagerduty.com"
IDENTITY = "https://identity.pagerduty.com"
EXTENSIONS = frozenset(resource.name for resource in RESOURCES if resource.extension)
DECLARED = [resource for resource in RESOURCES if not resource.extension]
IDS = ["PABC123", "Q1R2S3T4U5V6W7", "01BBYA6PEVW6A852BUO6QYUE7O", "a_b-9", "x" * 64]


def adapter() -> EgressAdapter:
    """What a collection of a client that allowed no extension may request, and the OAuth client."""
    # Made here: scripts/mutate would not reach one that was made at import.
    return EgressAdapter([*rest_rules([API]), *identity_rules(IDENTITY)])


def with_extensions() -> EgressAdapter:
    return EgressAdapter(rest_rules([API], EXTENSIONS))


def declared_query(resource: Resource) -> list[tuple[str, str]]:
    """Every key that a request for ``resource`` may carry, with a value it may have."""
    query = [(key, value) for key, values in resource.fixed_values().items() for value in values]
    if resource.paged:
        query += [("limit", str(resource.page_size)), ("offset", "9900"), ("total", "true")]
    if resource.span is not Span.NONE:
        query += [("since", "2026-01-01T00:00:00Z"), ("until", "2026-03-01T23:59:59Z")]
    return query


def declared_url(origin: str, resource: Resource, identifier: str = "PABC123") -> str:
    query = urlencode(declared_query(resource))
    return f"{origin}{resource.path.replace('{id}', identifier)}?{query}".rstrip("?")


@pytest.mark.parametrize("identifier", IDS)
def test_every_declared_request_may_leave(identifier: str) -> None:
    for resource in RESOURCES:
        url = declared_url(API, resource, identifier)
        assert with_extensions().allows("GET", url), resource.name
        assert adapter().allows("GET", url) != resource.extension, resource.name
        assert with_extensions().allows("GET", url.partition("?")[0]), resource.name


IDENTITY_CALLS = {
    ("POST", "/oauth/token"),
    ("GET", "/global/oauth/anonymous/jwks"),
    ("GET", "/global/oauth/anonymous/.well-known/openid-configuration"),
    ("POST", "/oauth/revoke"),
}


def test_of_the_identity_host_four_addresses_are_reached_and_no_more() -> None:
    paths = {path for _, path in IDENTITY_CALLS} | {"/oauth/authorize", "/oauth/introspect", "/"}
    assert {DISCOVERY_PATH, REVOCATION_PATH} < paths
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        for path in paths:
            declared = (method, path) in IDENTITY_CALLS
            assert adapter().allows(method, f"{IDENTITY}{path}") == declared, (method, path)
            assert not adapter().allows(method, f"{IDENTITY}{path}?token=x")
            assert not adapter().allows(method, f"{API}{path}")


def test_an_extension_is_closed_until_it_is_allowed_by_its_name() -> None:
    assert not EgressAdapter(rest_rules([API], ["incidents"])).allows("GET", f"{API}/users")
    assert EgressAdapter(rest_rules([API], ["users"])).allows("GET", f"{API}/users")


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
        f"{API}/incidents?limit=1&limit=2",
        f"{API}/incidents?limit=everything",
        f"{API}/incidents?total=maybe",
        f"{API}/incidents?since=last%20week",
        f"{API}/incidents?time_zone=Europe/Paris",
        f"{API}/incidents?time_zone=UTC&time_zone=UTC",
        f"{API}/incidents?sort_by=resolved_at:asc",
        f"{API}/incidents?limit=1;include[]=users",
        f"{API}/incidents?limit",
        f"{API}/incidents?limit=",
        f"{API}/incidents?query=",
        f"{API}/incidents?limit=1&query=",
        f"{API}/incidents?limit=1&",
        "https://[api.pagerduty.com/incidents",
        "https://[v1.x]x/incidents",
        f"{API}/incidents#",
        f"{API}/incidents#fragment",
        f"{API}/inci\ndents",
        f"{API}/incidents\n",
        f"{API}/incidents\u00a0",
        f"{API}/maintenance_windows?filter=past",
        f"{API}/schedules?include[]=final_schedule&include[]=users",
        f"{API}/schedules?include[]=schedule_layers",
        f"{API}/schedules/PABC123?include[]=final_schedule",
        f"{API}/schedules/PABC123/users",
        f"{API}/v3/schedules/PABC123/overrides",
        f"{API}/v3/schedules/PABC123?include[]=users",
        f"{API}/escalation_policies?include[]=targets",
        f"{API}/teams/PABC123/members?include[]=users",
        f"{API}/teams//members",
        f"{API}/teams/../members",
        f"{API}/teams/{'x' * 65}/members",
        f"{API}/teams/a.b/members",
        f"{API}/teams/a%2Fb/members",
        f"{API}/teams/a;b/members",
        f"{API}/teams/{{id}}/members",
        f"{API}/service_dependencies/technical_services/a/b",
        f"{API}:444/incidents",
        f"{API}@evil.example/incidents",
        f"{API}\\@evil.example/incidents",
        "https://x@api.pagerduty.com/incidents",
        "https://api.pagerduty.com./incidents",
        "http://api.pagerduty.com/incidents",
        "https://api.pagerduty.com.evil.example/incidents",
        "https://evil.example/incidents",
        "https://127.0.0.1/incidents",
        "file:///etc/passwd",
        "",
    ],
)
def test_nothing_else_may_leave(url: str) -> None:
    assert not adapter().allows("GET", url)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", None])
def test_no_other_verb_may_leave(method: str | None) -> None:
    for resource in RESOURCES:
        assert not with_extensions().allows(method, declared_url(API, resource))


def _is_declared(path: str) -> bool:
    """The same rule once more, by hand: a segment of an id's letters where ``{id}`` stands."""
    letters = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
    for resource in DECLARED:
        wanted, found = resource.path.split("/"), path.split("/")
        if len(wanted) == len(found) and all(
            (1 <= len(there) <= 64 and set(there) <= letters) if want == "{id}" else want == there
            for want, there in zip(wanted, found, strict=True)
        ):
            return True
    return False


def _paths() -> st.SearchStrategy[str]:
    known = [resource.path.replace("{id}", "PABC123") for resource in RESOURCES]
    piece = st.text("abcdefgh/._-%0123456789", max_size=12)
    return st.builds(lambda path, more: path + more, st.sampled_from(known), piece)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from([API, IDENTITY, "https://evil.example"]), _paths())
def test_no_invented_path_may_leave(origin: str, path: str) -> None:
    assert adapter().allows("GET", origin + path) == (origin == API and _is_declared(path))


class Listener(ThreadingHTTPServer):
    """A server that counts what reaches it, under every name of this machine."""

    def __init__(self) -> None:
        self.received: list[str] = []
        super().__init__(("127.0.0.1", 0), Recording)


class Recording(BaseHTTPRequestHandler):
    server: Listener

    def _record(self) -> None:
        self.server.received.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _record  # noqa: N815 - http.server's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Nothing on the console."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


FOREIGN_KEYS = ["query", "user_ids[]", "is_overview", "date_range", "urgencies[]", "Limit", "x"]
FOREIGN_INCLUDES = ["users", "contact_methods", "integrations", "channels", "targets", "teams"]
FOREIGN_PATHS = [
    "/users",
    "/users/PABC123/contact_methods",
    "/incidents/PABC123/notes",
    "/audit/records",
    "/notifications",
    "/webhook_subscriptions",
]
SPOILED_IDS = ["a/b", "..", ".", "a%2fb", "%2e%2e", "a.b", "ä", "a\\b", "", "x" * 65, "a;b", "a b"]


def _spoil_origin(port: int, resource: Resource, dice: random.Random) -> str:
    hosts = [
        f"http://localhost:{port}",
        f"http://127.1:{port}",
        f"http://[::ffff:127.0.0.1]:{port}",
        f"http://user:secret@127.0.0.1:{port}",
        f"http://127.0.0.1:{port}@127.0.0.1:{port}",
        f"http://127.0.0.1:{port}.evil.example",
        f"https://127.0.0.1:{port}",
        "http://127.0.0.1",
        f"http://127.0.0.1:{port + 1 if port < 65535 else 1024}",
        f"http://127。0。0。1:{port}",
        f"http://127.0.0.1\\@127.0.0.1:{port}",
        f"ftp://127.0.0.1:{port}",
    ]
    return declared_url(dice.choice(hosts), resource)


def _spoil_path(port: int, resource: Resource, dice: random.Random) -> str:
    origin = f"http://127.0.0.1:{port}"
    path = resource.path
    if "{id}" in path and dice.random() < 0.5:
        path = path.replace("{id}", dice.choice(SPOILED_IDS))
    else:
        path = path.replace("{id}", "PABC123")
        path = dice.choice(
            [
                dice.choice(FOREIGN_PATHS),
                f"{path}/../../users/PABC123/sessions",
                f"/users/..{path}/",
                f"/{path}",
                f"{path}%2f",
                path.replace("/", "%2f"),
                f"{path};a=b",
                f"{path}/notes/PABC123",
                path.upper(),
                f"{path}\u202e",
                f"{path}%00",
            ]
        )
    return f"{origin}{path}?{urlencode(declared_query(resource))}".rstrip("?")


def _spoil_query(port: int, resource: Resource, dice: random.Random) -> str:
    query = declared_query(resource)
    spoiled = dice.randrange(4 if query else 2)
    if spoiled == 0:
        query.append((dice.choice(FOREIGN_KEYS), dice.choice(["1", "true", "P1", "é"])))
    elif spoiled == 1:
        query.append(("include[]", dice.choice(FOREIGN_INCLUDES)))
    elif spoiled == 2:
        query.append(dice.choice(query))
    else:
        at = dice.randrange(len(query))
        query[at] = (query[at][0], query[at][1] + dice.choice(["x", " ", ",users", "\n", "é"]))
    dice.shuffle(query)
    path = resource.path.replace("{id}", dice.choice(IDS))
    return f"http://127.0.0.1:{port}{path}?{urlencode(query)}"


def test_ten_thousand_fuzzed_requests_none_leaves(listener: Listener) -> None:
    port = listener.server_port
    dice = random.Random(port)  # noqa: S311 - the port in the message makes it reproducible
    refused = 0
    with open_session(rest_rules([f"http://127.0.0.1:{port}"])) as session:
        for number in range(10_000):
            spoil = (_spoil_origin, _spoil_path, _spoil_query)[number % 3]
            url = spoil(port, dice.choice(DECLARED), dice)
            try:
                session.get(url)
            except (
                EgressRefused,
                requests.exceptions.InvalidURL,
                requests.exceptions.InvalidSchema,
            ):
                refused += 1
    assert listener.received == []
    assert refused == 10_000


def test_the_same_listener_hears_every_declared_request(listener: Listener) -> None:
    origin = f"http://127.0.0.1:{listener.server_port}"
    with open_session(rest_rules([origin], EXTENSIONS)) as session:
        for resource in RESOURCES:
            assert session.get(declared_url(origin, resource)).status_code == 200, resource.name
    assert len(listener.received) == len(RESOURCES)


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with open_session(rest_rules([API])) as opened:
        yield opened


def test_the_session_raises_before_a_socket_is_opened(session: requests.Session) -> None:
    with pytest.raises(EgressRefused) as error:
        session.get("https://evil.example/incidents")
    assert str(error.value) == "egress_refused: request: not on the allow-list"


def test_the_session_ignores_the_environment_and_redirects(session: requests.Session) -> None:
    assert session.trust_env is False
    assert session.max_redirects == 0
    assert set(session.adapters) == {"https://", "http://"}
    assert {type(each) for each in session.adapters.values()} == {EgressAdapter}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What requests' own adapter would have to do instead of doing it."""
    options: list[dict[str, Any]] = []

    def note(_: HTTPAdapter, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        options.append({"url": request.url, **how})
        response = requests.Response()
        response.status_code, response.request = 200, request
        return response

    monkeypatch.setattr(HTTPAdapter, "send", note)
    return options


LAX: list[dict[str, Any]] = [
    {},
    {"verify": False, "timeout": None},
    {"timeout": 3600.0, "proxies": {"https": "http://evil.example"}, "cert": "/tmp/evil"},  # noqa: S108
]


@pytest.mark.parametrize("options", LAX)
def test_no_caller_can_relax_the_session(
    session: requests.Session, sent: list[dict[str, Any]], options: dict[str, Any]
) -> None:
    session.get(f"{API}/incidents?limit=100", **options)
    assert sent == [
        {
            "url": f"{API}/incidents?limit=100",
            "timeout": (5.0, 15.0),
            "verify": True,
            "proxies": None,
            "cert": None,
            "stream": False,
        }
    ]


def test_a_certificate_authority_of_the_operators_is_kept(
    session: requests.Session, sent: list[dict[str, Any]]
) -> None:
    session.get(f"{API}/incidents", verify="/etc/ssl/own.pem", stream=True)
    assert (sent[0]["verify"], sent[0]["stream"]) == ("/etc/ssl/own.pem", True)


def test_a_shorter_time_out_is_kept(sent: list[dict[str, Any]]) -> None:
    restrict(requests.Session(), rest_rules([API]), (0.5, 1.5)).get(f"{API}/incidents")
    assert sent[0]["timeout"] == (0.5, 1.5)
