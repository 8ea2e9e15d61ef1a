"""The page of one family: a section a metric, and the findings that rest on it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.assessment.metric import Metric
from app.assessment.needs import ZONES
from app.reports.charts.drawing import Chart
from app.reports.charts.selection import charts_of
from app.reports.figures import FigureView, Row, key_of, view
from app.reports.findings import FindingGroup, groups
from app.reports.tables import PlaceTable, tables_of
from app.reports.wording import declarations
from app.reports.wording.options import options_in_words
from app.reports.wording.resource_names import resource_names
from app.reports.wording.withheld import not_collected
from app.reports.wording.words import listed

Document = Mapping[str, Any]
_TOO_FEW_PEOPLE = "Nothing to draw: the figures are over people, and too few stand behind them."


@dataclass(frozen=True, slots=True)
class MetricSection:
    """One metric: the account's figures, its charts, and the tables of its places."""

    id: str
    title: str
    figures: list[FigureView]
    charts: list[Chart]
    options: str
    tables: list[PlaceTable]
    lacking: tuple[str, ...]
    """Incomplete resources that it needs, in words."""
    why_empty: str
    """Why there is no chart; empty where there is one."""


@dataclass(frozen=True, slots=True)
class FamilyPage:
    slug: str
    name: str
    sections: list[MetricSection]
    findings: list[FindingGroup]


def family_page(document: Document, slug: str) -> FamilyPage:
    """Every metric of a family, in the order of ids. Raises KeyError for no family's slug."""
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for row in document["metrics"]:
        rows[row["id"]].append(row)
    family = declarations.SLUGS[slug]
    return FamilyPage(
        slug,
        declarations.name_of(slug),
        [_section(each, rows[each.id], document) for each in declarations.metrics_of(slug)],
        [group for group in groups(document) if family in group.families],
    )


def _section(metric: Metric, rows: list[Row], document: Document) -> MetricSection:
    charts = charts_of(metric.id, rows, document)
    k = document["options"]["minimum_group"]
    over_people = any(row["privacy"] != "P0" for row in rows)
    return MetricSection(
        id=metric.id,
        title=metric.title,
        figures=[
            view(row, k) for row in rows if row["scope"]["level"] == "account" and not key_of(row)
        ],
        charts=charts,
        options=options_in_words(metric, document["options"], over_people=over_people),
        tables=[] if _nothing_collected(rows) else tables_of(rows, k),
        lacking=_lacking(metric, rows, document),
        why_empty="" if charts else _why_empty(metric, rows, document),
    )


def _lacking(metric: Metric, rows: list[Row], document: Document) -> tuple[str, ...]:
    """Of its rows, or of its declaration where there is no row."""
    named = {name for row in rows for name in row["lacking"]} if rows else document["missing"]
    return resource_names(name for name in metric.rests_on if name in named)


def _nothing_collected(rows: list[Row]) -> bool:
    """Whether what all of its figures need is absent: a table would only say so in each line."""
    return all(row.get("not_collected") for row in rows)


def _why_empty(metric: Metric, rows: list[Row], document: Document) -> str:
    known = [row["value"] for row in rows if row["value"] is not None]
    if not known:
        return _why_unknown(metric, rows, document)
    if any(row.get("withheld") for row in rows):
        return _TOO_FEW_PEOPLE
    if not any(known):
        return "Nothing to draw: all that is known of it is zero."
    return "Nothing to draw: too few observations for any value."


def _why_unknown(metric: Metric, rows: list[Row], document: Document) -> str:
    absent = [name for name in metric.rests_on if document["missing"].get(name) == "all"]
    if absent:
        return f"{not_collected(absent).capitalize()}."
    if any(row.get("withheld") for row in rows):
        return _TOO_FEW_PEOPLE
    asked = {each["resource"] for each in document["completeness"]["resources"]}
    needed = {name for measure in metric.measures for name in measure.needs}
    if unasked := needed.intersection(ZONES) - asked:
        return f"The client has not allowed to read {listed(resource_names(unasked))}."
    if lacking := _lacking(metric, rows, document):
        return f"Cannot be told: a part is missing of {listed(lacking)}."
    if rows:
        return "No data: the window has too little to compute it from."
    return "No data: nothing in what was collected bears on it."
