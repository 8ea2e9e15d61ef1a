"""The label, definition and source of a row of a report, from the catalogue.

A row that this version does not declare has its JSON name as label, and no definition.
"""

from collections.abc import Mapping

from app.assessment.catalogue import BY_ID, FAMILIES
from app.assessment.metric import HIGH_URGENCY, Measure, Metric
from app.reports.wording import words
from app.reports.wording.scope_names import key_of_kind

SLUGS: Mapping[str, str] = {each.slug: family for family, each in FAMILIES.items()}
"""Families by the last part of their page's address."""
_WINDOW = "C2"
_STATISTICS = frozenset({"Mean", "Median", "90th percentile", "95th percentile"})
"""Labels that mean nothing without their metric's title."""


def family_of(metric: str) -> str:
    """The family whose page shows a metric; the window's own length stands with data quality."""
    return "DQ" if metric == _WINDOW else metric.partition("-")[0]


def slug_of(metric: str) -> str:
    """The address of the page that shows a metric."""
    return FAMILIES[family_of(metric)].slug


def name_of(slug: str) -> str:
    """What a family is called."""
    return FAMILIES[SLUGS[slug]].title


def metrics_of(slug: str) -> list[Metric]:
    """The metrics of a family's page, in the catalogue's order."""
    return [each for each in BY_ID.values() if family_of(each.id) == SLUGS[slug]]


def declared(metric: str, measure: str) -> Measure | None:
    """The declaration of a row."""
    found = BY_ID.get(metric)
    plain = measure.removeprefix(HIGH_URGENCY)
    return next((each for each in found.measures if each.name == plain), None) if found else None


def label(metric: str, measure: str) -> str:
    """The label of a row, with its split by urgency."""
    found = declared(metric, measure)
    plain = words.plain_name(measure.removeprefix(HIGH_URGENCY)) if found is None else found.label
    if plain in _STATISTICS and metric in BY_ID:
        plain = f"{BY_ID[metric].title}, {plain.lower()}"
    return f"{plain}, high urgency" if measure.startswith(HIGH_URGENCY) else plain


def definition(metric: str) -> str:
    """How a metric is computed, in words."""
    return BY_ID[metric].definition if metric in BY_ID else ""


def minimum(metric: str) -> int:
    """How many observations a metric requires beyond C14."""
    return BY_ID[metric].minimum if metric in BY_ID else 0


def source(metric: str) -> str:
    """Where its definition or its thresholds come from."""
    return BY_ID[metric].source if metric in BY_ID else ""


def key_name(metric: str, measure: str, key: str) -> str:
    """What one key of a map is called."""
    found = declared(metric, measure)
    return key_of_kind(found.keys if found else "", key)
