"""What is not collected gives no figure and no chart: not even a zero."""

from collections.abc import Iterable, Mapping

from app.assessment.catalogue import BY_ID, SERIES
from app.assessment.figures import Figure
from app.assessment.rows import Gathered
from app.assessment.series import Drawn


def without_absent(figures: Iterable[Figure], gathered: Gathered) -> list[Figure]:
    """Published figures, of which those that need an absent resource have no value."""
    if not gathered.absent:
        return list(figures)
    return [_without_absent(figure, gathered.absent) for figure in figures]


def _without_absent(figure: Figure, absent: frozenset[str]) -> Figure:
    """A zero that was counted in nothing is no zero, whatever the metric can do without."""
    metric = BY_ID[figure.id]
    needed = metric.needed(figure.measure, figure.level)
    without = tuple(metric.lacking(absent, figure.measure, figure.level))
    nothing = not figure.value and figure.withheld is None
    if not without or not (nothing or needed.intersection(without)):
        return figure
    return figure._replace(value=None, n=None, interval=None, withheld=None, not_collected=without)


def without_absent_series(drawn: Mapping[str, Drawn], gathered: Gathered) -> dict[str, Drawn]:
    """The same for the points of charts."""
    gone = {
        each.name
        for each in SERIES
        if gathered.absent.intersection((*BY_ID[each.metric].needs, *each.needs))
    }
    return {name: Drawn(()) if name in gone else found for name, found in drawn.items()}
