"""Figures over people, made by hand."""

from collections.abc import Mapping

from app.assessment.figures import Figure
from app.assessment.metric import Measure, Metric, metric

ADDITIVE = Measure("hours_sum", "Hours", "h", additive=True)
MEDIAN = Measure("hours_median", "Hours, median", "per month", "median")
P90 = Measure("hours_p90", "Hours, 90th percentile", "per month", "p90")
SPREAD = Measure("hours_gini", "Gini", "ratio", spread=True)
SENSITIVE = Measure("night_hours", "Night hours", "h", additive=True, sensitive=True)
COUNT = Measure("calls", "Calls", "count", additive=True)


def declared() -> Metric:
    """A metric with every kind of measure over people."""
    measures = (ADDITIVE, MEDIAN, P90, SPREAD, SENSITIVE, COUNT)
    found = metric("TEST-01", "Test", *measures, levels="AT", sample="rate", privacy="P1", needs=())
    return found(lambda _account, _scope: ())


def person(name: int | str) -> bytes:
    return str(name).encode().ljust(16, b"\0")


def cell(
    measure: Measure,
    people: Mapping[str, float] | None,
    *,
    of: str | None = None,
    key: str | None = None,
    level: str = "team",
    value: float | None = None,
) -> Figure:
    """A figure whose value is the sum of what its people make, unless ``value`` says otherwise."""
    parts = None if people is None else {person(name): amount for name, amount in people.items()}
    total = sum((people or {}).values()) if value is None else value
    return Figure(
        id="TEST-01",
        measure=measure.name,
        value=total,
        unit=measure.unit,
        n=len(people or {}),
        interval=None,
        level="account" if of is None else level,
        of=of,
        key=key,
        sample_class="rate",
        statistic=measure.statistic,
        privacy_class="P1",
        people=parts,
    )


def crew(number: int, first: int = 0, amount: float = 10.0) -> dict[str, float]:
    """So many people with the same part each."""
    return {f"p{first + each}": amount for each in range(number)}
