"""Which chart a metric gets: its series, else its map, else its places, else its values."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.assessment.catalogue import SERIES
from app.reports.charts.drawing import Chart
from app.reports.charts.figure_bars import hours_chart, keys_chart, places_chart, values_chart
from app.reports.charts.graph import dependency_graph
from app.reports.charts.series_charts import lacking_of_series, series_chart
from app.reports.figures import Row


def charts_of(metric: str, rows: Sequence[Row], document: Mapping[str, Any]) -> list[Chart]:
    """The charts of a metric; ``rows`` are its rows. Empty where there is nothing to draw."""
    own = [each for each in SERIES if each.metric == metric]
    drawn = [series_chart(document, each) for each in own if each.kind != "graph"]
    graphs = [each for each in own if each.kind == "graph"]
    if graphs:
        drawn.append(dependency_graph(document, lacking_of_series(document, graphs[0])))
    found = [chart for chart in drawn if chart is not None]
    return found or _from_rows(rows)


def _from_rows(rows: Sequence[Row]) -> list[Chart]:
    chart = keys_chart(rows) or places_chart(rows) or values_chart(rows)
    hours = hours_chart(rows)
    return [each for each in (chart, hours) if each is not None]
