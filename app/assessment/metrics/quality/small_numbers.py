"""How much of a team or a service has too few observations to show."""

from collections import defaultdict
from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.display import shown
from app.assessment.figures import Figure, Value
from app.assessment.metric import Measure, metric
from app.assessment.scopes import Scope
from app.assessment.statistics import wilson

_MEASURE = Measure("hidden_metric_share", "Metrics too small to show", "ratio")
_LEVELS = ("team", "service")


@metric("DQ-09", "Small numbers", _MEASURE, levels="TV", sample="prop", chart="bar", needs=())
def small_numbers(account: Account, scope: Scope) -> Iterable[Value]:
    """Metrics of a team or a service of which no figure can be shown, because there are too few
    incidents or too few people for it, over all its metrics with any data. Counted after
    suppression."""
    return ()


def small_n(figures: Iterable[Figure]) -> list[Figure]:
    """DQ-09 of suppressed figures, by level and id; those of DQ-09 itself are not counted."""
    places: defaultdict[tuple[str, str | None], dict[str, bool]] = defaultdict(dict)
    for figure in figures:
        if figure.level in _LEVELS and figure.id != small_numbers.id and _has_data(figure):
            metrics = places[figure.level, figure.of]
            metrics[figure.id] = metrics.get(figure.id, True) and _hidden(figure)
    return [
        _figure(level, of, list(places[level, of].values()))
        for level, of in sorted(places, key=lambda place: (place[0], place[1] or ""))
    ]


def _has_data(figure: Figure) -> bool:
    return figure.value is not None or figure.withheld is not None


def _hidden(figure: Figure) -> bool:
    return figure.withheld is not None or shown(figure) == "n only"


def _figure(level: str, of: str | None, hidden: list[bool]) -> Figure:
    hits, number = sum(hidden), len(hidden)
    return Figure(
        id=small_numbers.id,
        measure=_MEASURE.name,
        value=hits / number,
        unit=_MEASURE.unit,
        n=number,
        interval=wilson(hits, number),
        level=level,
        of=of,
        key=None,
        sample_class=small_numbers.sample,
        statistic=None,
        privacy_class=small_numbers.privacy,
    )
