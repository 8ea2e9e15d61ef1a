"""What is collected can be assessed again, and each assessment stays to be looked at."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.extensions import db
from app.models import Assessment, CollectionRun, Engagement, Epoch
from app.operations.assessments.question import Question
from tests.factories.accounts import add_engagement
from tests.functional.consultant import text_of
from tests.unit.reports.documents import document
from tests.unit.views.conftest import Browser, csrf

LIST, NEW = "/assessments", "/assessments/new"


def submits(browser: Browser, **fields: Any) -> Any:
    """Fill in the form of a new assessment and send it."""
    home = f"/engagements/{browser.engagement.handle}"
    form = {
        "csrf_token": csrf(browser.client, home + NEW),
        "excluded_urgencies": ["low"],
        "ack_target": "5",
        "transient": "5",
        "business_start": "28800",
        "business_end": "64800",
        "business_days": ["1", "2", "3", "4", "5"],
        "sleep_start": "79200",
        "sleep_end": "28800",
        "minimum_group": "5",
        "baseline": "",
    }
    return browser.client.post(home + NEW, data={**form, **fields})


def assessments_made() -> list[Assessment]:
    """Every assessment, oldest first."""
    with db.read() as session:
        return list(session.scalars(select(Assessment).order_by(Assessment.id)))


def test_the_list_says_window_options_and_state_of_each(browser: Browser) -> None:
    epoch = browser.assessed(document(40))
    question = Question(settings={"ack_target_s": 600, "minimum_group": 7})
    browser.assessed_again(epoch, None, "running", question)
    page = text_of(browser.get(LIST))
    assert "Target: 10 min. Minimum group: 7." in page
    assert "Default options." in page
    assert page.index("Being computed") < page.index("Done")
    assert page.count("Shown") == 1
    assert 'data-hx-trigger="every 1s"' in browser.get(f"{LIST}/list")


def test_finished_assessments_are_not_polled(browser: Browser) -> None:
    browser.assessed(document(40))
    assert "data-hx-trigger" not in browser.get(f"{LIST}/list")


def test_the_newest_is_shown_unless_another_is_named_and_links_keep_it(
    browser: Browser,
) -> None:
    epoch = browser.assessed(document(40))
    older = assessments_made()[0].handle
    browser.assessed_again(epoch, document(4))
    assert "4 of 4" in browser.get("/figures/response")
    kept = browser.get(f"/figures/response?assessment={older}")
    assert "4 of 4" not in kept
    inside = re.findall(r'href="(/engagements/[0-9a-f]{16}[^"]*)"', kept)
    shown = [link for link in inside if re.search(r"/(figures|findings|report|comparison)", link)]
    assert len(shown) > 12
    assert all(f"assessment={older}" in link for link in shown)
    assert "assessment=" not in browser.get("/figures/response")


@pytest.mark.parametrize("page", ["", "/findings", "/completeness", LIST, f"{LIST}/list", NEW])
def test_an_assessment_of_another_engagement_is_not_found(browser: Browser, page: str) -> None:
    browser.assessed(document(40))
    foreign = assessments_made()[0].handle
    with db.write() as session:
        other = add_engagement(session, 1, "Other", subdomain="other")
    elsewhere = Browser(browser.client, other)
    elsewhere.assessed(document(4))
    for handle in (foreign, "0" * 16, "nothing", ""):
        address = f"/engagements/{other.handle}{page}?assessment={handle}"
        assert browser.client.get(address).status_code == 404, handle


def test_one_that_is_not_done_cannot_be_opened(browser: Browser) -> None:
    epoch = browser.assessed(document(40))
    handle = browser.assessed_again(epoch, None, "running")
    address = f"/engagements/{browser.engagement.handle}?assessment={handle}"
    assert browser.client.get(address).status_code == 404


def test_a_new_assessment_is_queued_with_the_changed_options_only(browser: Browser) -> None:
    browser.assessed(document(40))
    last = (now() - timedelta(days=2)).date()
    answer = submits(
        browser,
        since=str(last - timedelta(days=27)),
        until=str(last),
        excluded_urgencies=[],
        ack_target="2.5",
        business_end="61200",
        baseline=assessments_made()[0].handle,
    )
    assert answer.status_code == 303
    first, queued = assessments_made()
    assert queued.state == "queued"
    assert queued.run_id == first.run_id
    question = queued.question
    assert question
    assert question["baseline"] == first.handle
    assert question["since"].startswith(f"{last - timedelta(days=27)}T00:00:00")
    assert question["until"].startswith(f"{last + timedelta(days=1)}T00:00:00")
    settings = question["settings"]
    assert set(settings) == {"excluded_urgencies", "ack_target_s", "bands"}
    assert (settings["excluded_urgencies"], settings["ack_target_s"]) == ([], 150)
    assert settings["bands"]["business_end_s"] == 17 * 3_600


def test_default_options_are_stored_as_defaults(browser: Browser) -> None:
    browser.assessed(document(40))
    assert submits(browser).status_code == 303
    question = assessments_made()[-1].question
    assert question
    assert (question["settings"], question["baseline"]) == ({}, None)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"since": "2001-01-01"}, "That day was not collected."),
        ({"until": "soon"}, "Type a day as year-month-day."),
        ({"ack_target": "-1"}, "Choose between 0 and a day."),
        ({"ack_target": "NaN"}, "Choose between 0 and a day."),
        ({"ack_target": "sNaN"}, "Choose between 0 and a day."),
        ({"transient": "much"}, "Not a valid decimal value"),
        ({"minimum_group": "2"}, "A group is never smaller than 3 people."),
        ({"minimum_group": ""}, "Type a number."),
        ({"business_start": "64800"}, "Business must end after it begins."),
        ({"sleep_start": "1800"}, "Not a valid choice"),
        ({"services": ["f" * 32]}, "is not a valid choice"),
        ({"baseline": "0" * 16}, "Not a valid choice"),
    ],
)
def test_a_wrong_field_has_an_error_and_no_assessment_is_queued(
    browser: Browser, fields: dict[str, Any], said: str
) -> None:
    browser.assessed(document(40))
    answer = submits(browser, **fields)
    assert answer.status_code == 400
    errors = re.findall(r'class="error"[^>]*>([^<]+)', answer.text)
    assert [each for each in errors if said in each], errors
    assert len(assessments_made()) == 1


def test_the_last_day_does_not_lie_before_the_first(browser: Browser) -> None:
    browser.assessed(document(40))
    first = (now() - timedelta(days=9)).date()
    answer = submits(browser, since=str(first), until=str(first - timedelta(days=1)))
    assert "The last day is before the first day." in answer.text


def test_without_a_connection_the_pages_offer_to_connect(browser: Browser) -> None:
    for page in (LIST, NEW):
        assert "Connect PagerDuty" in browser.get(page)


def test_after_a_deletion_there_is_nothing_left_to_assess(browser: Browser) -> None:
    browser.purged(done=True)
    for page in (LIST, NEW):
        assert "The data is deleted" in browser.get(page)
    with db.read() as session:
        assert session.scalars(select(Epoch)).all() == []
        assert session.scalars(select(CollectionRun)).all() == []
        assert len(session.scalars(select(Engagement)).all()) == 1


@pytest.mark.parametrize("page", ["/disconnect", "/integrations", "/connect", "/card"])
def test_the_pages_of_the_connection_open_beside_an_assessment(browser: Browser, page: str) -> None:
    browser.assessed(document(40))
    assert browser.get(page)
