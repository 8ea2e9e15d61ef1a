"""Assessment pages show the report's figures, or say whose turn it is."""

import json
import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Assessment
from app.reports.wording.declarations import SLUGS
from tests.factories.generated_company import Size, company, window
from tests.factories.rows import WEEK
from tests.functional.consultant import text_of
from tests.unit.reports.documents import company_report, completeness, document, report, resource
from tests.unit.views.conftest import Browser

FAMILIES = tuple(f"/figures/{slug}" for slug in SLUGS)
PAGES = ("", "/findings", "/comparison", *FAMILIES)


@cache
def _without_schedules() -> dict[str, Any]:
    """The report of a company whose schedules are not complete."""
    short = completeness(resource("incidents"), resource("schedules", reasons=["too_large"]))
    return report(company(1), window(Size()), certificate=short)


def test_figures_stand_with_interval_and_sample(browser: Browser) -> None:
    browser.assessed(document(40))
    page = text_of(browser.get())
    assert (
        "Time to acknowledge, median 4 min 10 s 95 % interval 4 min 10 s to 4 min 10 s n 40" in page
    )
    assert "Schedules with a gap 2" in page
    assert "3 March 2025, 00:00 to 17 March 2025, 00:00 UTC" in page


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("incidents", [0, 4, 40])
def test_every_page_has_one_heading_and_a_table_for_each_chart(
    browser: Browser, page: str, incidents: int
) -> None:
    browser.assessed(document(incidents))
    text = browser.get(page)
    assert len(re.findall(r"<h1\b", text)) == 1
    charts = re.findall(r"data-chart='([^']+)'", text)
    for chart in charts:
        json.loads(chart)
    assert text.count("Data as a table") == len(charts)
    assert text.count('role="img"') == len(charts)


@pytest.mark.parametrize("page", PAGES)
def test_no_two_parts_of_a_page_have_the_same_id(browser: Browser, page: str) -> None:
    browser.assessed(company_report())
    ids = re.findall(r'\sid="([^"]+)"', browser.get(page))
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("page", PAGES)
def test_a_partial_report_says_so_on_every_page(browser: Browser, page: str) -> None:
    browser.assessed(document(complete=False))
    text = browser.get(page)
    assert "Not everything that PagerDuty declared is stored: incidents" in text
    assert f'/engagements/{browser.engagement.handle}/completeness"' in text


@pytest.mark.parametrize("page", FAMILIES)
def test_only_figures_of_incomplete_resources_have_a_badge(browser: Browser, page: str) -> None:
    made = _without_schedules()
    browser.assessed(made)
    lacking = {row["id"] for row in made["metrics"] if row["lacking"]}
    measures = {row["measure"] for row in made["metrics"] if row["lacking"]}
    assert lacking
    parts = re.split(r'<section class="section metric"\s+id="([^"]+)"', browser.get(page))
    for metric, part in zip(parts[1::2], parts[2::2], strict=True):
        assert ("Incomplete data" in part) == (metric in lacking), metric
        for measure, card in re.findall(r'<article[^>]*id="(\w+)"(.*?)</article>', part, re.DOTALL):
            assert ("Incomplete data" in card) == (measure in measures), measure
        for chart in re.findall(r"<figure.*?</figure>", part, re.DOTALL):
            assert metric in lacking or "Incomplete data" not in chart, metric


def test_a_withheld_figure_shows_the_reason_instead_of_its_value(browser: Browser) -> None:
    browser.assessed(report(company(1, Size(people=18)), window(Size())))
    page = re.sub(r"\s+", " ", browser.get("/figures/on-call"))
    assert "withheld: too few people" in page


def test_every_finding_is_shown_with_evidence_and_recommendation(browser: Browser) -> None:
    made = company_report()
    browser.assessed(made)
    page = browser.get("/findings")
    for finding in made["findings"]:
        assert f'id="{finding["id"]}-{finding["scope"]["level"]}"' in page
        assert finding["title"] in page
        for row in finding["evidence"]:
            assert f"#{row['id']}" in page


def test_a_family_that_there_is_not_is_not_found(browser: Browser) -> None:
    browser.assessed(document(40))
    address = f"/engagements/{browser.engagement.handle}/figures/secrets"
    assert browser.client.get(address).status_code == 404


def test_a_comparison_shows_each_verdict_and_the_state_of_the_findings(
    browser: Browser,
) -> None:
    whole = window(Size())
    before = replace(whole, until=whole.since + 4 * WEEK)
    after = replace(whole, since=whole.since + 4 * WEEK)
    made = report(company(1), after, baseline=before)
    browser.assessed(made)
    page = browser.get("/comparison")
    comparison = made["comparison"]
    for change in comparison["matched"]:
        assert change["verdict"] in page
        assert f"#{change['id']}" in page
    assert f"{comparison['matched_services']} services are in both windows" in page
    for each in comparison["findings"]:
        assert each["title"] in page


def test_a_page_says_why_two_assessments_cannot_be_compared(browser: Browser) -> None:
    whole = window(Size())
    before = replace(whole, until=whole.since + 3 * WEEK)
    browser.assessed(report(company(1), whole, baseline=before))
    assert "The windows are not equally long." in browser.get("/comparison")


def test_without_a_baseline_the_next_step_is_a_new_assessment(browser: Browser) -> None:
    browser.assessed(document(40))
    assert "/assessments/new" in browser.get("/comparison")


@pytest.mark.parametrize("page", PAGES)
def test_without_a_connection_the_next_step_is_to_connect(browser: Browser, page: str) -> None:
    assert "Connect PagerDuty" in browser.get(page)


@pytest.mark.parametrize("page", PAGES)
def test_after_a_deletion_no_figure_is_left(browser: Browser, page: str) -> None:
    browser.purged(done=True)
    text = browser.get(page)
    assert "The data is deleted" in text
    assert "figure-value" not in text


def test_the_json_download_is_the_report(browser: Browser) -> None:
    browser.assessed(document(40))
    response = browser.client.get(f"/engagements/{browser.engagement.handle}/report.json")
    assert json.loads(response.text) == document(40)
    assert response.headers["Content-Disposition"] == (
        f"attachment; filename=tacit-{browser.engagement.handle}.json"
    )


DOWNLOADS = ("report.json", "report.csv", "findings.csv")


def test_the_downloads_are_of_the_assessment_that_is_shown(browser: Browser) -> None:
    epoch = browser.assessed(document(40))
    older = _handles()[0]
    browser.assessed_again(epoch, document(4))
    home = f"/engagements/{browser.engagement.handle}"
    for name in DOWNLOADS:
        newest = browser.client.get(f"{home}/{name}").text
        named = browser.client.get(f"{home}/{name}?assessment={older}").text
        assert newest != named
        assert browser.client.get(f"{home}/{name}?assessment={'0' * 16}").status_code == 404


def _handles() -> list[str]:
    with db.read() as session:
        return list(session.scalars(select(Assessment.handle).order_by(Assessment.id)))


def test_after_a_deletion_there_is_nothing_to_download(browser: Browser) -> None:
    browser.purged(done=True)
    for name in DOWNLOADS:
        address = f"/engagements/{browser.engagement.handle}/{name}"
        assert browser.client.get(address).status_code == 404


@pytest.mark.parametrize("page", [*PAGES, "/integrations", "/connect"])
def test_a_hostile_client_name_is_text(browser: Browser, page: str) -> None:
    text = browser.get(page)
    assert "Acme <b>" not in text
    assert "Acme &lt;b&gt;" in text
