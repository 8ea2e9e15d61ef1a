"""Every metric has a chart that says its answer, or the reason why it has none."""

import json
from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest

from app.assessment.catalogue import BY_ID, METRICS
from app.assessment.engine import assess
from app.assessment.options import HOUR, AssessmentOptions, Bands
from app.reports.charts.drawing import Chart
from app.reports.family import MetricSection, family_page
from app.reports.findings import groups
from app.reports.overview import overview_page
from app.reports.wording.declarations import SLUGS, metrics_of
from app.reports.wording.options import OPTION_TEXTS, options_in_words
from tests.factories.generated_company import Size, company, window
from tests.unit.reports.documents import completeness, document, report, resource

CHANGED: dict[str, Any] = {
    "excluded_urgencies": (),
    "ack_target_s": 60,
    "transient_s": 3_600,
    "bands": Bands(business_start_s=9 * HOUR, business_end_s=15 * HOUR, sleep_end_s=6 * HOUR),
    "stale_s": 3_600,
    "rmst_tau_s": 1_800,
    "interruption_merge_s": 3_600,
    "min_rest_s": 30 * HOUR,
    "pair_tolerance_s": 0,
    "flap_gap_s": 86_400,
    "flap_min_incidents": 2,
    "storm_window_s": 86_400,
    "storm_threshold": 2,
    "co_incident_s": 86_400,
    "attribution_window_s": 40_000,
    "change_dedupe_s": 40_000,
    "exclude_transient": False,
    "short_timeout_min": 30,
    "long_timeout_min": 1,
    "seed": 7,
}


def sections(made: dict[str, Any]) -> dict[str, MetricSection]:
    """Every metric's section, page by page."""
    return {each.id: each for slug in SLUGS for each in family_page(made, slug).sections}


def chart(made: dict[str, Any], metric: str, key: str) -> Chart:
    """The chart of ``metric`` with this key."""
    (found,) = (each for each in sections(made)[metric].charts if each.key == key)
    return found


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return report(company(1, Size(incidents=900)), window(Size()))


def test_every_metric_stands_on_one_page_in_the_order_of_ids(whole: dict[str, Any]) -> None:
    pages = {slug: [each.id for each in family_page(whole, slug).sections] for slug in SLUGS}
    assert sum(map(len, pages.values())) == len(METRICS)
    for slug, ids in pages.items():
        assert ids == [each.id for each in metrics_of(slug)]
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("incidents", [0, 4, 40])
def test_every_metric_has_a_chart_or_a_reason(incidents: int) -> None:
    for section in sections(document(incidents)).values():
        assert bool(section.charts) != bool(section.why_empty), section.id


def test_every_chart_has_a_text_a_json_option_and_its_data(
    whole: dict[str, Any],
) -> None:
    drawn = [chart for section in sections(whole).values() for chart in section.charts]
    drawn += [group.chart for group in groups(whole) if group.chart]
    assert len(drawn) > 100
    for each in drawn:
        assert each.title
        assert each.text
        json.dumps(each.option, allow_nan=False)
        assert each.rows
        assert {len(line) for line in each.rows} == {len(each.columns)}, each.key


def test_the_curve_states_how_many_are_acknowledged_within_the_target() -> None:
    made = chart(document(40), "INC-04", "ack-curve")
    assert made.title == "100 % of incidents are acknowledged within 5 min"
    assert made.rows[-1] == ("7 d", "100 %")
    slow = chart(document(40, settings={"ack_target_s": 240}), "INC-04", "ack-curve")
    assert slow.title == "0 % of incidents are acknowledged within 4 min"
    assert slow.option["series"][0]["markLine"]["data"] == [{"xAxis": 240}]


def test_a_chart_of_four_incidents_claims_no_share() -> None:
    assert chart(document(4), "INC-04", "ack-curve").title == "4 of 4 incidents are acknowledged"
    for metric in ("INC-05", "INC-06", "ESC-06"):
        for made in sections(document(4))[metric].charts:
            assert "%" not in made.title + made.text


def test_a_week_that_the_window_cuts_is_marked_in_drawing_and_table() -> None:
    made = document(40)
    made["series"]["weekly_incidents"][-1]["complete"] = False
    weeks = chart(made, "INC-01", "weekly-incidents")
    drawn = weeks.option["series"][0]["data"]
    assert drawn[-1]["itemStyle"]["opacity"] < 1
    assert "cut by the window" in weeks.rows[-1][1]


def test_durations_stand_on_a_logarithmic_axis_and_bars_on_zero(whole: dict[str, Any]) -> None:
    curve = chart(whole, "INC-04", "ack-curve").option
    assert curve["xAxis"]["type"] == "log"
    for section in sections(whole).values():
        for made in section.charts:
            axes = [made.option[each] for each in ("xAxis", "yAxis") if each in made.option]
            values = [axis for axis in axes if axis["type"] == "value"]
            if any(each["type"] == "bar" for each in made.option["series"]):
                assert [axis["min"] for axis in values] in ([0], [None]), made.key


def test_the_hours_of_the_week_are_a_map(whole: dict[str, Any]) -> None:
    (made,) = (each for each in sections(whole)["INT-09"].charts)
    assert made.option["series"][0]["type"] == "heatmap"
    assert len(made.rows) == 168


def test_a_chart_shows_at_most_twenty_places_and_states_of_how_many() -> None:
    size = Size(services=30, incidents=1_500)
    made = report(company(2, size), window(size))
    (places,) = (each for each in sections(made)["NOI-07"].charts)
    assert len(places.rows) == 20
    assert "the 20 highest of 30" in places.text


@pytest.mark.parametrize("name", sorted(CHANGED))
def test_every_metric_declares_the_options_that_change_it(name: str) -> None:
    size = Size(incidents=250)
    rows, options = company(3, size), window(size)
    before = _numbers(rows, options)
    after = _numbers(rows, replace(options, **{name: CHANGED[name]}))
    changed = {metric for metric in before if before[metric] != after[metric]}
    assert {metric for metric in changed if name not in BY_ID[metric].options} == set()


def _numbers(rows: Any, options: AssessmentOptions) -> dict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for each in assess(rows, options).figures:
        found[each.id].append((each.measure, each.level, each.of, each.key, each.value))
    return found


def test_options_are_shown_as_they_were_set() -> None:
    options = document(0, settings={"excluded_urgencies": (), "ack_target_s": 600})["options"]
    assert options_in_words(BY_ID["INC-06"], options, over_people=False) == "Target: 10 min."
    assert options_in_words(BY_ID["INC-08"], options, over_people=True) == (
        "Excluded urgencies: none. Minimum group: 5."
    )
    assert options_in_words(BY_ID["INC-01"], options, over_people=False) == ""
    few = document(0, settings={"services": (b"v" * 16,)})["options"]
    assert options_in_words(BY_ID["INC-01"], few, over_people=False) == "Only 1 service."


def test_every_declared_option_has_a_text() -> None:
    assert {name for each in METRICS for name in each.options} <= set(OPTION_TEXTS)
    assert set(CHANGED) == set(OPTION_TEXTS) - {"minimum_group"}


def test_findings_are_ordered_by_severity_and_each_has_evidence(whole: dict[str, Any]) -> None:
    found = groups(whole)
    order = ["Critical", "High", "Medium", "Low", "Info"]
    ranks = [order.index(group.severity) for group in found]
    assert ranks == sorted(ranks)
    assert sum(group.number for group in found) == len(whole["findings"]) > 0
    for group in found:
        assert group.recommendation
        assert group.source
        assert group.rule
        assert all(place.evidence for place in group.places)


def test_the_overview_prints_the_cap_beside_the_number() -> None:
    made = document(40)
    response = made["scorecard"]["dimensions"][0]
    response |= {"score": 79, "uncapped": 80.7, "cap": 79, "capped_by": ["F18"], "low": 74.2}
    response |= {"high": 79, "band": "managed", "reason": ""}
    shown = overview_page(made)["dimensions"][0]
    assert (shown.score, shown.cap) == ("79", "capped at 79 by F18, 80 without")
    assert shown.range == "74 to 79"


def test_every_component_of_the_scorecard_is_shown_in_its_unit() -> None:
    """Also one that is made of figures and is none itself."""
    made = document(40)
    units = {"POL-01": "80 %", "NOI-05": "80 %", "DOR-02": "80 points", "ESC-09": "0.8"}
    for dimension in made["scorecard"]["dimensions"]:
        for component in dimension["components"]:
            component["value"] = 0.8
    shown = {
        component.id: component.value
        for dimension in overview_page(made)["dimensions"]
        for component in dimension.components
    }
    assert {each: shown[each] for each in units} == units


def test_too_few_weeks_for_limits_are_not_called_ordinary() -> None:
    """Two weeks: none can stand out, so none is said not to."""
    points = document(40)["series"]["weekly_xmr_incidents"]
    assert {point["mean"] for point in points} == {None}
    assert "stand" not in chart(document(40), "TRD-01", "weekly-xmr-incidents").title


def test_a_chart_of_incomplete_data_states_nothing() -> None:
    """Also where the first figure of its metric does not rest on what is missing."""
    held = completeness(
        resource("incidents", 900),
        resource("log_entries", 9, reasons=["unreachable"]),
        resource("technical_dependencies", 1, reasons=["unreachable"]),
    )
    made = report(company(1, Size(incidents=900)), window(Size()), certificate=held)
    drawn = {each.key: each for section in sections(made).values() for each in section.charts}
    for key in ("ack-curve", "weekly-xmr-tta-median", "dependencies", "auto-resolved-by-bars"):
        assert drawn[key].lacking, key
    assert drawn["weekly-xmr-incidents"].lacking == ()
    assert [each.title for each in drawn.values() if each.lacking and ":" in each.title] == []


def test_a_finding_is_marked_by_what_its_own_evidence_lacks() -> None:
    """Priorities are missing for another measure of the metric that F37 rests on."""
    held = completeness(resource("incidents", 60), resource("priorities", reasons=["role"]))
    made = document(60, certificate=held)
    found = {group.id: group for group in groups(made)}
    assert found["F37"].lacking == ()
