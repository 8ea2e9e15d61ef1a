"""Whoever connects chooses by name what may be read beyond the list; nothing is chosen for them."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import now
from app.extensions import db
from app.models import Engagement, Epoch
from app.operations.connect import Authorised
from app.operations.id_token import Account
from app.operations.tokens import Grant
from app.views import connections
from tests.unit.views.conftest import Workplace

LABEL = "Also read responders' time zones"


@pytest.fixture
def granted(monkeypatch: pytest.MonkeyPatch) -> None:
    """PagerDuty's part of the round: an admin allowed read scope."""

    def authorise(_engagement: Engagement, _answer: dict[str, object]) -> Authorised:
        account = Account(account_id="an account", subdomain="acme", region="us")
        grant = Grant("access", "refresh", now() + timedelta(days=1))
        return Authorised(account, grant, partial=False)

    monkeypatch.setattr(connections, "authorise", authorise)
    monkeypatch.setattr(connections, "_exchange", dict)


def _connect(workplace: Workplace, **fields: str) -> int:
    address = f"/engagements/{workplace.engagement.handle}/connect"
    answer = workplace.post(address, address, **fields)
    if answer.status_code == 303:
        answer = workplace.client.get("/oauth/callback")
    return int(answer.status_code)


def _allowed() -> list[str]:
    with db.read() as session:
        return list(session.scalars(select(Epoch.extensions)))


def test_the_extension_is_offered_unticked_with_its_fields_and_its_purpose(
    workplace: Workplace,
) -> None:
    page = html.unescape(workplace.get("/connect"))
    box = re.search(r'<input type="checkbox"[^>]*>', page)
    assert box
    assert 'value="users"' in box.group()
    assert "checked" not in box.group()
    assert LABEL in page
    assert "(/users: id and time zone only)" in page
    assert "nothing else of a person is read" in page
    assert "Without it: nights, rest and hours of the day follow" in page


@pytest.mark.usefixtures("granted")
def test_nothing_is_allowed_that_was_not_ticked(workplace: Workplace) -> None:
    assert _connect(workplace) == 303
    assert _allowed() == [""]
    assert "Allowed by name" not in workplace.get("/integrations")


@pytest.mark.usefixtures("granted")
def test_what_was_ticked_is_allowed_and_said_afterwards(workplace: Workplace) -> None:
    assert _connect(workplace, extensions="users") == 303
    assert _allowed() == ["users"]
    assert re.search(r"Allowed by name</dt>\s*<dd>\s*Responders", workplace.get("/integrations"))
    assert "Allowed until now" in workplace.get("/connect")


@pytest.mark.usefixtures("granted")
def test_a_choice_counts_for_one_round_only(workplace: Workplace) -> None:
    assert _connect(workplace, extensions="users") == 303
    assert _connect(workplace) == 303
    assert _allowed() == [""]


@pytest.mark.usefixtures("granted")
def test_only_a_declared_extension_can_be_allowed(workplace: Workplace) -> None:
    assert _connect(workplace, extensions="incidents") == 400
    assert _allowed() == []


@pytest.mark.parametrize("address", ["/privacy", "/engagements/{handle}/connect"])
def test_the_list_is_grouped_and_marks_what_is_asked_only_by_name(
    workplace: Workplace, address: str
) -> None:
    page = workplace.client.get(address.format(handle=workplace.engagement.handle)).text
    assert re.findall(r"<h3>(.*?)</h3>", page)[:3] == [
        "Configuration",
        "People and duty",
        "History",
    ]
    rows = re.findall(r'<details class="disclosure-row">.*?</details>', page, re.DOTALL)
    assert [("/users<" in row) for row in rows if "only by name" in row] == [True]
