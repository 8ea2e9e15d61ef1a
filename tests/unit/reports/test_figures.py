"""A figure shows its value only where the sample carries it, and always says why not."""

from typing import Any

from app.reports.as_csv import COLUMNS, as_csv
from app.reports.charts import (
    acknowledged_by_level,
    acknowledgement_curve,
    never_acknowledged,
    schedule_coverage,
    weekly_incidents,
)
from app.reports.figures import FigureView, account_figures, view
from app.reports.glossary import entry
from app.reports.schedules import schedule_rows
from tests.unit.reports.documents import document


def _shown(report: dict[str, Any], measure: str) -> FigureView:
    return account_figures(report, [measure])[measure]


def test_a_median_is_shown_in_words_with_interval_and_n() -> None:
    shown = _shown(document(40), "tta_median_s")
    assert (shown.value, shown.interval, shown.n) == (
        "4 min 10 s",
        "4 min 10 s to 4 min 10 s",
        "40",
    )
    assert shown.exact == "250 s"
    assert shown.definition


def test_a_median_of_four_is_withheld_and_says_so() -> None:
    shown = _shown(document(4), "tta_median_s")
    assert shown.value == "—"
    assert "at least 5" in shown.note
    assert shown.exact == shown.interval == ""


def test_a_median_of_ten_is_marked() -> None:
    assert _shown(document(10), "tta_median_s").badge == "low n"


def test_a_share_of_four_is_said_as_a_count() -> None:
    shown = _shown(document(4), "ack_rate")
    assert (shown.value, shown.interval) == ("4 of 4", "")


def test_nothing_is_a_dash_with_its_reason_and_never_zero() -> None:
    shown = _shown(document(0), "ack_rate")
    assert shown.value == "—"
    assert shown.note.startswith("no data")
    assert _shown(document(0), "incident_count").value == "0"


def test_every_measure_has_a_name_and_a_definition() -> None:
    measures = {metric["measure"] for metric in document()["metrics"]}
    assert len(measures) > 30
    assert {measure for measure in measures if not entry(measure).definition} == set()


def test_the_sample_rule_of_a_page_is_that_of_the_engine() -> None:
    for metric in document(4)["metrics"]:
        if metric["unit"] == "ratio" and metric["n"]:
            assert view(metric).value.endswith(f"of {metric['n']}"), metric["measure"]


def test_schedules_come_with_the_widest_gap_first() -> None:
    rows = schedule_rows(document())
    assert [(row.gap_h, row.gap_count) for row in rows] == [(336, 1), (1, 1)]
    assert rows[0].covered_share == 0
    assert rows[1].covered_share == 335 / 336


def test_a_chart_says_its_answer_and_its_data() -> None:
    report = document(40)
    chart = acknowledgement_curve(report)
    assert chart
    assert chart.title == "100 % of incidents are acknowledged within 5 min"
    assert len(chart.rows) == len(report["series"]["ack_curve"])
    assert chart.rows[-1] == ("7 d", "100 %")


def test_a_chart_of_four_incidents_claims_no_share() -> None:
    report = document(4)
    curve, levels = acknowledgement_curve(report), acknowledged_by_level(report)
    assert curve
    assert curve.title == "4 of 4 incidents are acknowledged"
    assert levels
    assert "%" not in levels.title + levels.text


def test_a_week_that_the_window_cuts_is_marked_in_drawing_and_table() -> None:
    report = document(40)
    report["series"]["weekly_incidents"][-1]["complete"] = False
    chart = weekly_incidents(report)
    assert chart
    drawn = chart.option["series"][0]["data"]
    assert drawn[-1]["itemStyle"]["opacity"] < drawn[0]["itemStyle"]["opacity"]
    assert "cut by the window" in chart.rows[-1][1]


def test_without_data_there_is_no_chart() -> None:
    report = document(0)
    assert acknowledgement_curve(report) is None
    assert acknowledged_by_level(report) is None
    assert never_acknowledged(report) is None
    assert schedule_coverage([]) is None


def test_the_csv_holds_every_figure_of_the_report_with_its_window() -> None:
    report = document(40)
    lines = list(as_csv(report))
    assert lines[0].strip() == ",".join(COLUMNS)
    assert len(lines) == len(report["metrics"]) + 1
    median = next(line for line in lines if ",tta_median_s," in line).strip().split(",")
    row = dict(zip(COLUMNS, median, strict=True))
    assert (row["value"], row["unit"], row["n"]) == ("250.0", "s", "40")
    assert (row["window_since"], row["complete"]) == ("2025-03-03T00:00:00Z", "yes")


def test_no_cell_of_the_csv_can_run_as_a_formula() -> None:
    report = document(1)
    for start in ("=", "+", "-", "@", "\t", "\r"):
        report["metrics"][0]["scope"] = {"level": "account", "key": f"{start}1+1"}
        line = list(as_csv(report))[1]
        assert f"'{start}1+1" in line
    report["metrics"][0] |= {"value": -1.5, "scope": {"level": "account"}}
    assert ",-1.5," in list(as_csv(report))[1]
