"""Assessment pages show the report's figures, or say whose turn it is."""

import json
import re

import pytest

from tests.unit.reports.documents import completeness, document, resource
from tests.unit.views.conftest import Workplace

PAGES = ("", "/response", "/escalation", "/on-call")
REST_ON_SCHEDULES: dict[str, set[str]] = {
    "": {"ESC", "ONC"},
    "/response": set(),
    "/escalation": {"ESC"},
    "/on-call": {"ONC"},
}


def test_figures_stand_with_interval_and_sample(workplace: Workplace) -> None:
    workplace.assessed(document(40))
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", workplace.get()))
    assert (
        "Time to acknowledge, median 4 min 10 s 95 % interval 4 min 10 s to 4 min 10 s n 40" in page
    )
    assert "Schedules with gaps 2" in page
    assert "3 March 2025, 00:00 to 17 March 2025, 00:00 UTC" in page


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("incidents", [0, 4, 40])
def test_every_page_has_one_heading_and_a_table_for_each_chart(
    workplace: Workplace, page: str, incidents: int
) -> None:
    workplace.assessed(document(incidents))
    text = workplace.get(page)
    assert len(re.findall(r"<h1\b", text)) == 1
    charts = re.findall(r"data-chart='([^']+)'", text)
    for chart in charts:
        json.loads(chart)
    assert text.count("Data as a table") == len(charts)
    assert text.count('role="img"') == len(charts)


@pytest.mark.parametrize("page", PAGES)
def test_a_partial_report_says_so_on_every_page(workplace: Workplace, page: str) -> None:
    workplace.assessed(document(complete=False))
    text = workplace.get(page)
    assert "Not everything that PagerDuty declared is stored: incidents" in text
    assert f'/engagements/{workplace.engagement.handle}/completeness"' in text


@pytest.mark.parametrize("page", PAGES)
def test_whatever_rests_on_missing_data_wears_a_badge_and_nothing_else_does(
    workplace: Workplace, page: str
) -> None:
    short = completeness(resource("incidents"), resource("schedules", reasons=["too_large"]))
    workplace.assessed(document(40, certificate=short))
    text = workplace.get(page)
    parts = re.findall(r"<article.*?</article>|<figure.*?</figure>", text, re.DOTALL)
    parts += re.findall(r"<tr>.*?</tr>|<caption>.*?</caption>", text, re.DOTALL)
    marked = [part for part in parts if "Incomplete data" in part]
    assert all("not complete: schedules" in part.casefold() for part in marked)
    told = {found for part in marked for found in re.findall(r"(INC|ESC|ONC)-", part)}
    assert told == REST_ON_SCHEDULES[page]
    drawn = [part for part in parts if part.startswith("<figure") and part in marked]
    assert bool(drawn) == (page in {"/escalation", "/on-call"})


def test_the_table_of_all_figures_marks_what_is_incomplete(workplace: Workplace) -> None:
    workplace.assessed(document(40, complete=False))
    rows = re.findall(r"<tr>.*?</tr>", workplace.get("/response"), re.DOTALL)
    counts = [row for row in rows if "INC-01" in row]
    assert counts
    assert all("Incomplete data" in row for row in counts)


@pytest.mark.parametrize("page", PAGES)
def test_without_a_connection_the_next_step_is_to_connect(workplace: Workplace, page: str) -> None:
    assert "Connect PagerDuty" in workplace.get(page)


@pytest.mark.parametrize("page", PAGES)
def test_after_a_deletion_no_figure_is_left(workplace: Workplace, page: str) -> None:
    workplace.purged(done=True)
    text = workplace.get(page)
    assert "The data is deleted" in text
    assert "figure-value" not in text


def test_the_json_download_is_the_report(workplace: Workplace) -> None:
    workplace.assessed(document(40))
    answer = workplace.client.get(f"/engagements/{workplace.engagement.handle}/report.json")
    assert json.loads(answer.text) == document(40)
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename=tacit-{workplace.engagement.handle}.json"
    )


def test_after_a_deletion_there_is_nothing_to_download(workplace: Workplace) -> None:
    workplace.purged(done=True)
    for kind in ("json", "csv"):
        address = f"/engagements/{workplace.engagement.handle}/report.{kind}"
        assert workplace.client.get(address).status_code == 404


@pytest.mark.parametrize("page", [*PAGES, "/integrations", "/connect"])
def test_a_hostile_client_name_is_text(workplace: Workplace, page: str) -> None:
    text = workplace.get(page)
    assert "Acme <b>" not in text
    assert "Acme &lt;b&gt;" in text
