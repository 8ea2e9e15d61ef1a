"""The HTTP client against recorded responses of the sandbox, tokens masked.

Recorded again with ``BETAMAX_RECORD=all pytest tests/unit/collectors/client/test_client.py`` while
``tacit sandbox --port 18099 --as-of 2026-03-01T00:00:00Z --rate-limit 0`` runs.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from betamax import Betamax

from collectors.client.client import PagerDutyClient
from collectors.client.rate_limits import LocalLimiter
from collectors.egress import open_session, rest_rules
from collectors.pseudonyms import Pseudonyms
from collectors.resources.authorizer import AUTHORIZER
from collectors.resources.incidents import INCIDENTS
from collectors.resources.log_entries import LOG_ENTRIES
from collectors.vocabularies import ROLE

ORIGIN = "http://localhost:18099"
TOKEN = os.environ.get("SANDBOX_TOKEN", "masked-access-token")
CASSETTES = Path(__file__).parent / "cassettes"
DAY = {"since": "2026-02-20T00:00:00Z", "until": "2026-02-21T00:00:00Z"}
PSEUDONYMS = Pseudonyms(bytes(32))


class Tokens:
    def access_token(self, *, rejected: str | None = None) -> str:
        assert rejected is None
        return TOKEN


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with open_session(rest_rules([ORIGIN])) as opened:
        yield opened


@pytest.fixture
def recorder(session: requests.Session) -> Betamax:
    with Betamax.configure() as config:
        config.cassette_library_dir = str(CASSETTES)
        config.define_cassette_placeholder("<ACCESS TOKEN>", TOKEN)
    return Betamax(
        session,
        default_cassette_options={
            "record_mode": os.environ.get("BETAMAX_RECORD", "none"),
            "match_requests_on": ["method", "uri"],
            "allow_playback_repeats": True,
        },
    )


def _client(session: requests.Session) -> PagerDutyClient:
    return PagerDutyClient(lambda: session, ORIGIN, Tokens(), PSEUDONYMS, LocalLimiter())


def test_a_page_of_incidents_is_records_only(recorder: Betamax, session: requests.Session) -> None:
    with recorder.use_cassette("incidents"):
        page = _client(session).page(
            INCIDENTS, {**DAY, "limit": "100", "offset": "0", "total": "true"}
        )
    assert page.total == page.received == len(page.rows["incident"]) > 0
    assert page.more is False
    assert all(len(bytes(row["id"] or b"")) == 16 for row in page.rows["incident"])


def test_a_first_page_reports_that_more_follows(
    recorder: Betamax, session: requests.Session
) -> None:
    with recorder.use_cassette("log_entries"):
        page = _client(session).page(LOG_ENTRIES, {**DAY, "limit": "5", "offset": "0"})
    assert page.received == 5
    assert page.more is True
    assert page.total is None


def test_only_the_role_of_the_authorizer_is_read(
    recorder: Betamax, session: requests.Session
) -> None:
    with recorder.use_cassette("authorizer"):
        page = _client(session).page(AUTHORIZER, {})
    assert page.rows == {"authorizer": [{"position": 0, "role": ROLE.codes()["admin"]}]}


def test_no_cassette_contains_a_token() -> None:
    for cassette in CASSETTES.glob("*.json"):
        text = cassette.read_text()
        assert "<ACCESS TOKEN>" in text
        assert "pdus" not in text
