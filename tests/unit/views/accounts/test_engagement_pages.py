"""Opening an engagement: what is typed is what is assessed."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.clock import now
from app.extensions import db
from app.models import Engagement
from tests.unit.views.conftest import csrf


def _open(client: FlaskClient, **fields: str) -> tuple[int, str]:
    token = csrf(client, "/engagements/new")
    form = {
        "client_name": "Acme",
        "subdomain": "acme",
        "period": "last_90_days",
        "time_zone": "UTC",
    }
    response = client.post("/engagements/new", data={"csrf_token": token, **form, **fields})
    return response.status_code, response.text


def _opened() -> list[Engagement]:
    with db.read() as session:
        return list(session.scalars(select(Engagement)))


def test_a_firm_without_engagements_is_shown_the_first_step(client: FlaskClient) -> None:
    assert "No engagement yet" in client.get("/engagements").text


def test_by_default_the_window_is_the_last_90_days(client: FlaskClient) -> None:
    assert _open(client, since="2020-01-01", until="2020-02-01")[0] == 303
    (engagement,) = _opened()
    assert (engagement.since, engagement.until) == (None, None)
    assert "last 90 days" in client.get("/engagements").text


def test_typed_days_are_whole_days_of_the_chosen_zone(client: FlaskClient) -> None:
    fields = {"period": "typed", "since": "2021-03-28", "until": "2021-03-28"}
    assert _open(client, **fields, time_zone="Europe/Berlin")[0] == 303
    (engagement,) = _opened()
    assert engagement.since == datetime(2021, 3, 27, 23, tzinfo=UTC)
    assert engagement.until == datetime(2021, 3, 28, 22, tzinfo=UTC)  # a day of 23 hours
    assert "28 March 2021 to 28 March 2021 (Europe/Berlin)" in client.get("/engagements").text


@pytest.mark.parametrize(
    ("typed", "subdomain"),
    [
        ("acme.pagerduty.com", "acme"),
        ("https://acme.pagerduty.com/", "acme"),
        (" ACME ", "acme"),
        ("acme.eu", "acme.eu"),
        ("https://acme.eu.pagerduty.com/incidents?status=open", "acme.eu"),
    ],
)
def test_the_subdomain_may_be_pasted_as_an_address(
    client: FlaskClient, typed: str, subdomain: str
) -> None:
    assert _open(client, subdomain=typed)[0] == 303
    assert [engagement.subdomain for engagement in _opened()] == [subdomain]
    assert f"{subdomain}.pagerduty.com" in client.get("/engagements").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"client_name": ""}, "Type the client"),
        ({"client_name": "x" * 201}, "at most 200"),
        ({"subdomain": "not a name"}, "letters, digits and hyphens"),
        ({"period": "typed"}, "Choose the first day"),
        ({"period": "typed", "since": "soon", "until": "2021-01-01"}, "as year-month-day"),
        ({"period": "typed", "since": "2021-02-01", "until": "2021-01-01"}, "before the first"),
        ({"time_zone": "Mars/Olympus"}, "Not a valid choice"),
    ],
)
def test_a_wrong_field_has_an_error_and_no_engagement_is_opened(
    client: FlaskClient, fields: dict[str, str], said: str
) -> None:
    status, page = _open(client, **fields)
    assert status == 400
    assert said in page
    assert 'class="error"' in page
    assert _opened() == []


def test_a_day_that_has_not_ended_cannot_be_the_last(client: FlaskClient) -> None:
    today = now().date()
    status, page = _open(
        client, period="typed", since=str(today - timedelta(days=9)), until=str(today)
    )
    assert status == 400
    assert "must have ended" in page
