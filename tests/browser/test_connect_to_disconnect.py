"""A consultant clicks from connect to disconnect in a browser; axe checks every page."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from app.assessment.catalogue import FAMILIES
from tests.servers import Installation

PATIENCE_MS = 60_000
SHOWN = (
    "Findings",
    *(family.title for family in FAMILIES.values()),
    "Assessments",
    "Comparison",
    "Completeness",
)
"""Pages of an assessment, by what the sidebar calls them."""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test on a script error, a blocked resource or a failed request."""
    context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda said: troubles.append(said.text) if _is_trouble(said) else None)
    yield opened
    context.close()
    assert troubles == []


def _is_trouble(said: ConsoleMessage) -> bool:
    # A refused connect is a page with status 400, which chromium reports as an error.
    refused = "/oauth/callback" in str(said.location.get("url"))
    return said.type == "error" and not refused


def check(page: Page) -> None:
    """No accessibility violation, one h1, no text from PagerDuty."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    expect(page.locator("h1")).to_have_count(1)
    assert not re.search("CNRY[A-Z2-7]{4}", page.content())


def log_in(page: Page, product: Installation) -> None:
    page.goto(product.url)
    check(page)
    page.get_by_label("E-mail").fill(product.email)
    page.get_by_label("Password").fill(product.password)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(re.compile("/engagements$"))


def open_engagement(page: Page, client: str) -> None:
    page.get_by_role("link", name="New engagement").first.click()
    check(page)
    page.get_by_label("Client").fill(client)
    page.get_by_label("PagerDuty subdomain").fill("acme")
    page.get_by_role("button", name="Open engagement").click()
    expect(page.get_by_role("heading", name="Integrations")).to_be_visible()


def connect(page: Page) -> None:
    page.get_by_role("link", name="Connect PagerDuty").click()
    check(page)
    expect(page.get_by_text("never")).not_to_have_count(0)
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    page.get_by_role("button", name="Continue to PagerDuty").click()
    page.get_by_role("button", name="Log in as admin").click()
    page.get_by_role("button", name="Allow").click()
    expect(page.locator("#pagerduty")).to_contain_text("Connected", timeout=1000)


def read_certificate(page: Page) -> None:
    page.get_by_role("link", name="Completeness certificate").click()
    expect(page.get_by_role("heading", name="Complete", exact=True)).to_be_visible()
    incidents = page.locator("tbody").filter(
        has=page.get_by_role("rowheader", name="Incidents", exact=True)
    )
    expect(incidents.get_by_role("cell", name="complete", exact=True)).to_be_visible()
    incidents.locator("summary").click()
    expect(incidents.get_by_text("Declared")).to_be_visible()
    check(page)
    page.go_back()


def choose_rhythm(page: Page) -> None:
    page.get_by_label("Refresh").select_option("Daily")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#pagerduty")).to_contain_text("Next refresh")
    check(page)


def ask_again(page: Page) -> None:
    """Another assessment with another target, looked at when it is done."""
    page.get_by_role("link", name="Assessments", exact=True).click()
    page.get_by_role("link", name="New assessment").click()
    check(page)
    page.get_by_label("Acknowledgement target, in minutes").fill("10")
    page.get_by_role("button", name="Assess", exact=True).click()
    listed = page.locator("#assessments > li")
    expect(listed).to_have_count(2)
    expect(listed.first).to_contain_text("Target: 10 min.")
    expect(listed.first).to_contain_text("Done", timeout=PATIENCE_MS)
    check(page)
    listed.first.get_by_role("link").click()
    page.get_by_role("link", name="Incident lifecycle", exact=True).first.click()
    expect(page.locator("#INC-06")).to_contain_text("Target: 10 min.")


def test_from_connect_to_disconnect_by_clicking(
    page: Page, product: Installation, tmp_path: Path
) -> None:
    log_in(page, product)
    check(page)
    open_engagement(page, "Clicked GmbH")
    check(page)
    connect(page)
    expect(page.locator("#pagerduty")).to_contain_text(
        "The assessment is ready", timeout=PATIENCE_MS
    )
    check(page)
    choose_rhythm(page)
    read_certificate(page)

    page.get_by_role("link", name="Open the assessment").click()
    expect(page.locator("[data-chart] svg").first).to_be_visible()
    check(page)
    for name in (*SHOWN, "Method", "Privacy", "Overview"):
        page.get_by_role("link", name=name, exact=True).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        check(page)
        if name in {"Method", "Privacy"}:
            page.go_back()
    ask_again(page)

    for kind in ("JSON", "CSV"):
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile(kind)).first.click()
        saved = tmp_path / download.value.suggested_filename
        download.value.save_as(saved)
        assert saved.stat().st_size > 1000
        if kind == "JSON":
            assert json.loads(saved.read_text())["completeness"]["complete"] is True

    page.get_by_role("link", name="Integrations", exact=True).click()
    page.get_by_role("link", name="Disconnect", exact=True).click()
    check(page)
    page.get_by_role("button", name="Disconnect and delete").click()
    expect(page.locator("#pagerduty")).to_contain_text(
        "Everything collected from this account is deleted", timeout=PATIENCE_MS
    )
    check(page)
    page.get_by_role("link", name="Receipt").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    check(page)


def test_a_denied_consent_says_what_to_do(page: Page, product: Installation) -> None:
    log_in(page, product)
    open_engagement(page, "Denied AG")
    page.get_by_role("link", name="Connect PagerDuty").click()
    page.get_by_role("button", name="Continue to PagerDuty").click()
    page.get_by_role("button", name="Log in as admin").click()
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("heading", name="PagerDuty access was denied")).to_be_visible()
    check(page)


def test_dark_and_small_screens_are_readable_too(browser: Browser, product: Installation) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True
    )
    small = context.new_page()
    log_in(small, product)
    check(small)
    small.goto(f"{product.url}/privacy")
    check(small)
    wide = small.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
    assert not wide, "the page scrolls sideways"
    context.close()
