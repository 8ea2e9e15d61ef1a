"""From facts to figures: pure, deterministic, independent of the order of the rows."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.assessment.account import Account
from app.assessment.catalogue import METRICS, SERIES
from app.assessment.figures import Figure
from app.assessment.in_scope import in_scope
from app.assessment.metric import Metric, figures_of
from app.assessment.options import AssessmentOptions
from app.assessment.rows import Facts
from app.assessment.series import Drawn, Series

METHOD_VERSION = "3"
"""Rises when a definition or a default changes: figures of two versions do not compare."""


@dataclass(frozen=True, slots=True)
class Result:
    """As computed: nothing is suppressed yet, so none of it may be stored or shown."""

    account: Account
    figures: list[Figure]
    series: dict[str, Drawn]


def assess(facts: Facts, options: AssessmentOptions) -> Result:
    """Every figure of ``facts`` for the window and snapshot of ``options``."""
    return _computed(facts, options, METRICS, SERIES)


def assess_people(facts: Facts, options: AssessmentOptions) -> Result:
    """The same without the metrics and series that are not over people."""
    metrics = [each for each in METRICS if any(map(each.is_over_people, each.measures))]
    return _computed(facts, options, metrics, [each for each in SERIES if each.privacy == "P1"])


def _computed(
    facts: Facts, options: AssessmentOptions, metrics: Iterable[Metric], drawn: Iterable[Series]
) -> Result:
    account = Account(in_scope(facts, options), options)
    figures = [figure for each in metrics for figure in figures_of(each, account)]
    return Result(account, figures, {each.name: each.compute(account) for each in drawn})
