"""Clock hours with interruptions, and the hours of the week."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from app.assessment.account import Account
from app.assessment.cases.columns import created_at
from app.assessment.figures import Value, count, rate
from app.assessment.hours import HOURS_OF_WEEK
from app.assessment.metric import Measure, metric
from app.assessment.needs import LIFECYCLE, MERGE_OPTIONS
from app.assessment.scopes import Scope

_LEAST_OF_SERVICE = 5
"""Of fewer events a rate is not shown (C14); hundreds of services have 168 hours each."""


@metric(
    "INT-08",
    "Interrupted hours",
    Measure("interrupted_hours", "Clock hours with an interruption", "h", additive=True),
    levels="TEW",
    sample="rate",
    privacy="P1",
    chart="bars",
    source="PagerDuty's operational review: hours with at least one interrupting alert",
    needs=LIFECYCLE,
    options=MERGE_OPTIONS,
)
def interrupted_hours(account: Account, scope: Scope) -> Iterable[Value]:
    """Distinct hours of the account's clock in which anybody was interrupted at least once, so that
    one storm does not dominate the number. An hour that the clock shows twice counts as two."""
    found = account.interruptions.of(scope)
    number, people = found.hours
    return (Value("interrupted_hours", number, number, people=people),)


@metric(
    "INT-09",
    "Hours of the week",
    Measure("incidents_by_hour", "Incidents", "count", keys="hour"),
    Measure("incidents_per_hour", "Incidents per such hour", "per hour", keys="hour"),
    Measure(
        "interruptions_by_hour",
        "Interruptions",
        "count",
        privacy="P1",
        additive=True,
        table="hours",
        follows="interruptions_per_hour",
        keys="hour",
    ),
    Measure(
        "interruptions_per_hour",
        "Interruptions per such hour",
        "per hour",
        privacy="P1",
        additive=True,
        table="hours",
        follows="interruptions_by_hour",
        keys="hour",
    ),
    levels="ATV",
    sample="rate",
    chart="heat map",
    source="PagerDuty's operational review",
    needs=LIFECYCLE,
    options=MERGE_OPTIONS,
)
def hour_map(account: Account, scope: Scope) -> Iterator[Value]:
    """Incidents and interruptions by weekday and hour of the account's clock (1-08 is Monday, 08:00
    to 09:00), and both per such hour: divided by how many hours of that name the window has,
    which changes of clock make fewer or more. For the account all hours are reported; for a team
    only hours with incidents or interruptions; for a service only hours with five incidents or
    more, since fewer give no rate, and no interruptions, since too few people stand behind them."""
    lengths = account.interruptions.hours_of_week
    incidents = incidents_by_hour(account, scope)
    whole = scope.level == "account"
    least = _LEAST_OF_SERVICE if scope.level == "service" else 1
    for cell in sorted(lengths if whole else incidents):
        if whole:
            yield count("incidents_by_hour", incidents[cell], len(scope.places), cell)
        if whole or incidents[cell] >= least:
            yield rate("incidents_per_hour", incidents[cell], lengths[cell], cell)
    if scope.level != "service":
        yield from _interruptions(account, scope, lengths, whole=whole)


def incidents_by_hour(account: Account, scope: Scope) -> Counter[str]:
    """Incidents per hour of the account's week; only hours with any."""
    created = account.columns.numbers(created_at)[scope.places].astype(np.int64)
    counts = np.bincount(account.clock.cells(created)).tolist()
    return Counter({HOURS_OF_WEEK[cell]: n for cell, n in enumerate(counts) if n})


def _interruptions(
    account: Account, scope: Scope, lengths: Mapping[str, float], *, whole: bool
) -> Iterator[Value]:
    found = account.interruptions.of(scope)
    cells = found.by_hour
    for cell in sorted(lengths) if whole else sorted(cells):
        people = cells.get(cell, {})
        number = sum(people.values())
        if whole:
            value = count("interruptions_by_hour", number, number, cell)
            yield value._replace(people=people)
        per_hour = rate("interruptions_per_hour", number, lengths[cell], cell)
        yield per_hour._replace(people=people)
