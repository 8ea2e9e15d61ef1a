"""What the pages of an assessment choose from its document: figures and charts, in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.reports import charts
from app.reports.drawing import Chart
from app.reports.figures import FigureView, account_figures, lacking_in
from app.reports.glossary import HIGH_URGENCY
from app.reports.schedules import schedule_rows

Document = Mapping[str, Any]
Context = dict[str, Any]
HEADLINES = (
    "incidents_per_week",
    "tta_median_s",
    "acked_within_target_rate",
    "ttr_dora_median_s",
    "missed_page_rate",
    "schedules_with_gap_count",
)
VOLUME = ("incident_count", "incidents_per_week", "open_count", "open_stale_count")
ACKNOWLEDGED = ("tta_median_s", "tta_p90_s", "ack_rate", "acked_within_target_rate")
RESOLVED = ("ttr_all_median_s", "ttr_all_p90_s", "ttr_dora_median_s", "ttr_dora_p90_s")
ESCALATED = ("escalation_rate", "missed_page_rate", "never_acked_rate")
COVERED = ("schedules_with_gap_count", "window_h")
SPLIT = (
    "incident_count",
    "acked_count",
    "ack_rate",
    "acked_within_target_rate",
    "tta_mean_s",
    "tta_median_s",
    "tta_p90_s",
    "tta_p95_s",
    "ttr_all_mean_s",
    "ttr_all_median_s",
    "ttr_all_p90_s",
    "ttr_dora_mean_s",
    "ttr_dora_median_s",
    "ttr_dora_p90_s",
    "open_count",
    "open_age_median_s",
    "open_age_p90_s",
    "negative_duration_count",
)
LINKS = (
    ("engagements.response", "Response", "How fast pages are acknowledged and resolved."),
    ("engagements.escalation", "Escalation", "How far pages climb until somebody answers."),
    ("engagements.oncall", "On-call", "Which schedules leave hours uncovered."),
)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a page: a name, the question it answers, its figures and its chart."""

    name: str
    question: str
    measures: tuple[str, ...]
    chart: Chart | None


def overview_page(document: Document) -> Context:
    """Headline figures and the first charts."""
    drawn = [charts.acknowledgement_curve(document), charts.weekly_incidents(document)]
    return {
        "figures": account_figures(document, HEADLINES),
        "measures": HEADLINES,
        "charts": [chart for chart in drawn if chart],
        "sections": LINKS,
    }


def response_page(document: Document) -> Context:
    """Acknowledgement, volume and resolution, each with its figures."""
    sections = [
        Section(
            "Acknowledgement",
            "How long until a person answers?",
            ACKNOWLEDGED,
            charts.acknowledgement_curve(document),
        ),
        Section(
            "Volume", "How much is there to answer?", VOLUME, charts.weekly_incidents(document)
        ),
        Section("Resolution", "How long until it is over?", RESOLVED, None),
    ]
    return {
        "figures": account_figures(document, (*ACKNOWLEDGED, *VOLUME, *RESOLVED)),
        "sections": sections,
        "charts": [section.chart for section in sections if section.chart],
        "by_urgency": _by_urgency(document),
    }


def _by_urgency(document: Document) -> list[tuple[FigureView, FigureView | None]]:
    whole = account_figures(document, SPLIT)
    names = {measure: _high(measure) for measure in SPLIT}
    high = account_figures(document, names.values())
    return [(figure, high.get(names[measure])) for measure, figure in whole.items()]


def _high(measure: str) -> str:
    return HIGH_URGENCY + measure.replace("ttr_all_", "ttr_")


def escalation_page(document: Document) -> Context:
    """Escalation figures, the level that answers, and what nobody answered."""
    drawn = [charts.acknowledged_by_level(document), charts.never_acknowledged(document)]
    return {
        "figures": account_figures(document, ESCALATED),
        "measures": ESCALATED,
        "charts": [chart for chart in drawn if chart],
    }


def oncall_page(document: Document) -> Context:
    """Coverage of every schedule, the widest gaps first."""
    rows = schedule_rows(document)
    lacking = lacking_in(document, "schedule_gap_h")
    chart = charts.schedule_coverage(rows, lacking)
    return {
        "figures": account_figures(document, COVERED),
        "measures": COVERED,
        "rows": rows,
        "lacking": lacking,
        "charts": [chart] if chart else [],
    }
