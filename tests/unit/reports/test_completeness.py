"""What is missing is said in words, wherever a figure rests on it."""

import csv
from typing import Any

import pytest

from app.cli.assess import completeness_lines
from app.models import Reason
from app.reports.as_csv import as_csv
from app.reports.completeness import REASONS, reasons_in_words, state_in_words, verdict
from app.reports.family import family_page
from app.reports.figures import account_figures
from app.reports.wording.resource_names import GROUPS, grouped, resource_name
from app.reports.wording.words import DASH
from collectors.manifest import RESOURCES, manifest
from tests.unit.reports.documents import completeness, document, resource


def test_every_reason_a_certificate_can_give_has_words() -> None:
    assert set(REASONS) == set(Reason)


def test_a_reason_without_a_text_is_still_shown() -> None:
    assert "without a name" in reasons_in_words(["something_new"])
    assert "something_new" not in reasons_in_words(["something_new"])


def test_every_resource_has_a_name_and_stands_under_one_heading() -> None:
    names = [name for group in GROUPS for name in group.names]
    assert sorted(names) == sorted(each.name for each in RESOURCES)
    assert len({resource_name(name) for name in names}) == len(names)
    shown = [each["name"] for _, part in grouped(manifest()["resources"]) for each in part]
    assert sorted(shown) == sorted(names)


def test_a_resource_without_a_heading_is_shown_all_the_same() -> None:
    shown = [
        each["name"]
        for _, certificate in grouped([{"name": "moon_phases"}])
        for each in certificate
    ]
    assert shown == ["moon_phases"]


@pytest.mark.parametrize(
    ("resources", "partial", "word"),
    [
        ([resource("incidents", 3)], False, "complete"),
        (
            [resource("incidents", 3), resource("paused_incidents", reasons=["plan"])],
            False,
            "complete",
        ),
        ([resource("incidents", 3), resource("priorities", reasons=["role"])], False, "partial"),
        ([resource("incidents", 3)], True, "partial"),
        ([resource("incidents", 3, reasons=["unreachable"])], False, "incomplete"),
        ([resource("incidents", 3, reasons=["unreachable"])], True, "incomplete"),
        ([resource("incidents", 3, reasons=["not_read_yet"])], False, "collecting"),
    ],
)
def test_the_verdict_is_the_worst_that_is_true(
    resources: list[dict[str, Any]], *, partial: bool, word: str
) -> None:
    said = verdict(completeness(*resources), partial=partial)
    assert said.word == word
    assert ("private teams" in " ".join(said.sentences)) == partial


def test_the_verdict_names_what_is_missing_and_what_the_plan_does_not_give() -> None:
    certificate = completeness(
        resource("incidents", 3, reasons=["unreachable"]),
        resource("log_entries", 3, reasons=["list_moved"]),
        resource("paused_incidents", reasons=["plan"]),
        resource("priorities", reasons=["role"]),
    )
    said = " ".join(verdict(certificate, partial=False).sentences)
    assert "stored: incidents and log entries." in said
    assert "Not in the plan: paused incidents." in said
    assert "PagerDuty refused: priorities." in said


def test_of_a_limited_role_nothing_is_called_complete_alone() -> None:
    whole = resource("incidents", 3)
    assert state_in_words(whole, partial=False) == "complete"
    assert state_in_words(whole, partial=True) == "complete for this role"


def test_a_figure_shows_the_resources_it_lacks_and_another_does_not() -> None:
    certificate = completeness(
        resource("incidents", 40), resource("schedules", reasons=["too_large"])
    )
    report = document(40, certificate=certificate)
    shown = account_figures(report, ("tta_median_s", "max_level_mean"))
    assert shown["tta_median_s"].lacking == ()
    assert shown["max_level_mean"].lacking == ("schedules",)


@pytest.mark.parametrize("metric", ["INC-01", "INC-04", "INC-05"])
def test_a_chart_lacks_what_its_figures_lack(metric: str) -> None:
    for complete, lacking in ((True, ()), (False, ("incidents",))):
        page = family_page(document(40, complete=complete), "response")
        (section,) = (each for each in page.sections if each.id == metric)
        assert section.charts
        assert {chart.lacking for chart in section.charts} == {lacking}
        assert section.lacking == lacking


@pytest.mark.parametrize(
    ("users", "words"),
    [
        ([], "The client has not allowed to read responders' time zones."),
        ([resource("users", reasons=["unreachable"])], "Cannot be told: a part is missing"),
        ([resource("users", reasons=["role"])], "Not collected: responders' time zones."),
    ],
)
def test_why_it_is_not_known_who_was_deleted(users: list[dict[str, Any]], words: str) -> None:
    held = completeness(resource("incidents", 40), *users)
    page = family_page(document(40, certificate=held), "data-quality")
    (section,) = (each for each in page.sections if each.id == "DQ-12")
    assert section.why_empty.startswith(words)
    for figure in section.figures:
        assert figure.value == DASH
        assert figure.note.startswith("no data") == (not users)


def test_places_are_not_listed_one_by_one_to_say_that_nothing_was_collected() -> None:
    made = document(40)
    for row in made["metrics"]:
        if row["id"] == "INC-05":
            row |= {"value": None, "not_collected": ["log_entries"]}
    sections = {each.id: each for each in family_page(made, "response").sections}
    assert sections["INC-05"].tables == []
    assert sections["INC-04"].tables != []


def test_the_csv_names_what_each_figure_lacks() -> None:
    certificate = completeness(
        resource("incidents", reasons=["role"]), resource("log_entries", reasons=["unreachable"])
    )
    rows = list(csv.DictReader(as_csv(document(40, certificate=certificate))))
    lacking = {row["measure"]: row["lacking"] for row in rows}
    assert lacking["tta_median_s"] == "incidents log_entries"
    assert lacking["schedules_with_gap_count"] == ""


def test_the_command_line_shows_the_same_texts() -> None:
    certificate = completeness(
        resource("incidents", 12_000), resource("log_entries", reasons=["over_cap"])
    )
    lines = completeness_lines(document(certificate=certificate))
    assert lines[0].startswith("Incomplete. Not everything that PagerDuty declared is stored: log")
    assert "12,000 declared, 12,000 stored" in lines[1]
    assert lines[1].endswith("complete")
    assert lines[2].endswith(REASONS["over_cap"])
