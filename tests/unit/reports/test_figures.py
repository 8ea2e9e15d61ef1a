"""A figure shows its value only where the sample carries it, and always says why not."""

import csv
from typing import Any

import pytest

from app.assessment.catalogue import BY_MEASURE, METRICS
from app.reports.as_csv import COLUMNS, FINDING_COLUMNS, as_csv, findings_as_csv
from app.reports.figures import FigureView, account_figures, figure_of, view
from app.reports.tables import MOST_ROWS, tables_of
from app.reports.wording import units
from app.reports.wording.declarations import label
from app.reports.wording.withheld import WITHHELD
from tests.factories.generated_company import Size, company, window
from tests.unit.reports.documents import company_report, document, report


def _shown(report: dict[str, Any], measure: str) -> FigureView:
    return account_figures(report, [measure])[measure]


def row(value: float | None = 1.0, **values: Any) -> dict[str, Any]:
    """One row of a report: a share of twenty incidents, unless ``values`` say otherwise."""
    return {
        "id": "INC-05",
        "measure": "ack_rate",
        "value": value,
        "unit": "ratio",
        "n": 20,
        "interval": None,
        "exact": False,
        "scope": {"level": "account"},
        "sample": "prop",
        "privacy": "P0",
        "lacking": [],
        **values,
    }


def test_a_median_is_shown_in_words_with_interval_and_n() -> None:
    shown = _shown(document(40), "tta_median_s")
    assert (shown.value, shown.interval, shown.n) == (
        "4 min 10 s",
        "4 min 10 s to 4 min 10 s",
        "40",
    )
    assert shown.exact == "250 s"
    assert "first acknowledgement by a person" in shown.definition
    assert "PagerDuty" in shown.source


def test_a_median_of_four_is_withheld_with_a_note() -> None:
    shown = _shown(document(4), "tta_median_s")
    assert shown.value == "—"
    assert "at least 5" in shown.note
    assert shown.exact == shown.interval == ""


def test_a_median_of_ten_is_marked() -> None:
    assert _shown(document(10), "tta_median_s").badge == "low n"


def test_a_share_of_four_is_shown_as_a_count() -> None:
    shown = _shown(document(4), "ack_rate")
    assert (shown.value, shown.interval) == ("4 of 4", "")


def test_nothing_is_a_dash_with_its_reason_and_never_zero() -> None:
    shown = _shown(document(0), "ack_rate")
    assert shown.value == "—"
    assert shown.note.startswith("no data")
    assert _shown(document(0), "incident_count").value == "0"


@pytest.mark.parametrize(
    ("rule", "value", "said"),
    [
        ("PRIV-1", "—", "withheld: too few people"),
        ("PRIV-2", "—", "withheld: hidden so that another cannot be computed"),
        ("PRIV-3", "—", "withheld: one person makes most of it"),
        ("PRIV-5", "< 5", "fewer than 5"),
        ("PRIV-9", "—", "withheld: fewer than 7 responders in all"),
    ],
)
def test_a_withheld_figure_names_its_rule(rule: str, value: str, said: str) -> None:
    shown = view(row(None, withheld=rule, n=None, privacy="P1"), 7)
    assert (shown.value, shown.note) == (value, said)
    assert shown.n == shown.exact == shown.interval == ""


def test_every_rule_that_withholds_has_a_text() -> None:
    made = report(company(1, Size(people=18)), window(Size()))
    assert set(made["withheld"]) <= set(WITHHELD)
    assert made["withheld"]


@pytest.mark.parametrize(
    ("measure", "unit", "value", "text"),
    [
        ("ack_rate", "ratio", 0.75, "75 %"),
        ("gini_roster", "ratio", 0.3571, "0.357"),
        ("edge_lift", "ratio", 5.25, "5.25"),
        ("change_point_p", "ratio", 0.0002, "< 0.001"),
        ("halves_ack_rate_difference", "ratio", 0.031, "3.1 points"),
        ("halves_ack_rate_difference", "ratio", -0.031, "\N{MINUS SIGN}3.1 points"),
        ("longest_timeout_min", "min", 90, "1 h 30 min"),
        ("incidents_per_week", "per week", 0.034, "0.034 per week"),
        ("tta_median_s", "s", 250, "4 min 10 s"),
        ("window_h", "h", 2_160, "2,160 h"),
        ("criticality_rank", "rank", 3, "3"),
        ("incident_count", "count", None, "—"),
    ],
)
def test_a_number_is_shown_by_its_declared_unit(
    measure: str, unit: str, value: float | None, text: str
) -> None:
    declared = row(value, id=BY_MEASURE[measure].id, measure=measure, unit=unit)
    assert units.with_unit(figure_of(declared)) == text


@pytest.mark.parametrize(("measure", "text"), [("gini_roster", "—"), ("ack_rate", "4 of 8")])
def test_only_a_share_of_few_is_shown_as_a_count(measure: str, text: str) -> None:
    assert view(row(0.5, id=BY_MEASURE[measure].id, measure=measure, n=8)).value == text


def test_the_note_names_the_minimum_of_the_metric() -> None:
    few = row(600.0, id="INC-09", measure="km_median_s", unit="s", n=9, sample="dur")
    assert view(few).note == "withheld: needs at least 10 observations"


def test_every_measure_has_a_label_and_a_definition_and_the_split_is_named() -> None:
    for metric in METRICS:
        assert metric.definition
        for measure in metric.measures:
            said = label(metric.id, measure.name)
            assert said.casefold() not in {"mean", "median"}
            assert label(metric.id, f"high_urgency_{measure.name}") == f"{said}, high urgency"


def test_a_measure_of_an_older_version_keeps_its_name() -> None:
    shown = view(row(id="OLD-01", measure="forgotten_thing"))
    assert (shown.label, shown.definition) == ("Forgotten thing", "")


def test_the_sample_rule_of_a_page_is_that_of_the_engine() -> None:
    shares = [
        metric
        for metric in document(4)["metrics"]
        if metric["sample"] == "prop" and metric["unit"] == "ratio" and metric["n"]
    ]
    result = [metric for metric in shares if metric["value"] is not None]
    assert result
    for metric in result:
        assert "%" not in view(metric).value, metric["measure"]


def test_a_table_of_places_ends_after_fifty_rows_and_states_it() -> None:
    places = [
        row(number / 100, scope={"level": "service", "id": f"{number:032x}"})
        for number in range(60)
    ]
    (table,) = tables_of(places, 5)
    assert len(table.rows) == MOST_ROWS == 50
    assert table.caption.startswith("By service: the 50 highest of 60 services")
    assert table.rows[0].pseudonym == f"{59:032x}"
    first = table.rows[0].cells[0]
    assert first
    assert first.value == "59 %"


def test_rows_of_teams_say_that_they_do_not_add_up() -> None:
    (table,) = tables_of([row(scope={"level": "team", "id": "a" * 32})], 5)
    assert "do not add up" in table.note


def test_the_csv_contains_every_figure_of_the_report_with_its_window() -> None:
    made = company_report()
    rows = list(csv.DictReader(as_csv(made)))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(made["metrics"])
    for result, metric in zip(rows, made["metrics"], strict=True):
        scope = metric["scope"]
        assert (result["level"], result["scope_id"]) == (scope["level"], scope.get("id", ""))
        assert result["withheld"] == metric.get("withheld", "")
        assert result["exact"] == ("yes" if metric["exact"] else "no")
        assert (result["sample"], result["privacy"]) == (metric["sample"], metric["privacy"])
    median = next(each for each in rows if each["measure"] == "tta_median_s")
    assert median["window_since"] == made["window"]["since"]
    assert median["thresholds_version"] == made["thresholds_version"]


def test_the_csv_of_findings_contains_every_figure_of_their_evidence() -> None:
    made = company_report()
    rows = list(csv.DictReader(findings_as_csv(made)))
    assert tuple(rows[0]) == FINDING_COLUMNS
    evidence = [(each["id"], len(each["evidence"]) or 1) for each in made["findings"]]
    assert sum(number for _, number in evidence) == len(rows)
    assert {each["finding"] for each in rows} == {number for number, _ in evidence}


def test_no_cell_of_the_csv_can_run_as_a_formula() -> None:
    made = document(1)
    for start in ("=", "+", "-", "@", "\t", "\r"):
        made["metrics"][0]["scope"] = {"level": "account", "key": f"{start}1+1"}
        line = list(as_csv(made))[1]
        assert f"'{start}1+1" in line
    made["metrics"][0] |= {"value": -1.5, "scope": {"level": "account"}}
    assert ",-1.5," in list(as_csv(made))[1]
