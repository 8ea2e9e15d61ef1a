"""How long a duty lasts, and how long the rest after it (ONC-06, ONC-07, ONC-15)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from app.assessment.account import Account
from app.assessment.duty.duty import HOUR_US, PersonSpans
from app.assessment.figures import Value, rate, spread
from app.assessment.hours import DAY_US
from app.assessment.metric import Measure, metric
from app.assessment.metrics.oncall.people import crew_of, over, total_of
from app.assessment.needs import DUTY, ZONES
from app.assessment.options import MICROSECONDS
from app.assessment.scopes import Scope

MONTH_US = 30.4375 * DAY_US


@metric(
    "ONC-06",
    "Longest duty block",
    Measure("longest_block_h", "Longest duty block", "h", spread=True),
    Measure("longest_block_d", "Longest duty block by the wall clock", "d", spread=True),
    Measure("people_over_7d_block", "People with a block over 7 days", "count"),
    Measure("people_over_14d_block", "People with a block over 14 days", "count"),
    levels="ATS",
    privacy="P1",
    chart="histogram",
    source="our judgment: over 7 days for information, over 14 days high",
    needs=DUTY,
    uses=ZONES,
)
def longest_block(account: Account, scope: Scope) -> Iterable[Value]:
    """The longest stretch anybody is on call without a break of more than 60 seconds.

    Over all schedules in scope and cut at the window. A weekly rotation around the clock gives
    168 hours, and 167 or 169 where clocks change: read it together with the load. More than 7 or 14
    days is later than the same wall time so many days on, by the clock of the person; people whose
    zone has an unknown name are left out of that.
    """
    crew = crew_of(account, scope)
    longest, days_of = crew.longest_blocks, crew.longest_days
    yield over("longest_block_h", max(longest.values(), default=None), longest)
    yield over("longest_block_d", max(days_of.values(), default=None), days_of)
    for days in (7, 14):
        above = sum(length > days for length in days_of.values())
        yield over(f"people_over_{days}d_block", above, days_of)


@metric(
    "ONC-07",
    "Rest between duty blocks",
    Measure(
        "rest_violations", "Rests shorter than 11 hours", "count", additive=True, sensitive=True
    ),
    Measure(
        "rest_violations_per_4_weeks",
        "Short rests per 4 weeks",
        "per 4 weeks",
        sensitive=True,
        follows="rest_violations",
    ),
    Measure(
        "rest_violations_per_person_month",
        "Short rests per person and month",
        "per person-month",
        sensitive=True,
        follows="rest_violations",
    ),
    Measure("min_rest_h", "Shortest rest", "h", spread=True, sensitive=True),
    levels="AT",
    sample="rate",
    privacy="P1",
    source="Directive 2003/88/EC, article 3, as an indicator and not as legal advice",
    needs=DUTY,
    options=("min_rest_s",),
)
def rest(account: Account, scope: Scope) -> Iterable[Value]:
    """Pauses of a person between two duty blocks shorter than the daily rest (11 hours).

    Blocks join over schedules first; a pause of exactly 11 hours is long enough. A person-month
    is 30.4375 days of one person with a shift. The shortest rest is of any pause, short or not.
    """
    crew = crew_of(account, scope)
    found = crew.short_rests(account.options.min_rest_s * MICROSECONDS)
    number = int(sum(found.values()))
    months = len(found) * scope.length_us / MONTH_US
    rests = [pause for pauses in crew.rests.values() for pause in pauses]
    shortest = min(rests) / HOUR_US if rests else None
    yield total_of("rest_violations", found)
    for measure, exposure in (
        ("rest_violations_per_4_weeks", scope.length_us / (28 * DAY_US)),
        ("rest_violations_per_person_month", months),
    ):
        each = rate(measure, number, exposure)
        yield over(measure, each.value, found, each.interval)
    yield over("min_rest_h", shortest, found)


@metric(
    "ONC-15",
    "Shift pattern",
    Measure("block_median_h", "Length of a duty block, median", "h", "median"),
    Measure("between_blocks_median_d", "Days off between a person's blocks, median", "d", "median"),
    Measure("rotation_median_d", "Days from block to block of a person, median", "d", "median"),
    levels="S",
    sample="dur",
    privacy="P1",
    source="Google SRE book: weekly shifts",
    needs=DUTY,
)
def shift_pattern(account: Account, scope: Scope) -> Iterable[Value]:
    """Medians over the duty blocks of a schedule, cut at the window.

    Their length; the time from the end of a person's block to the start of their next; and the
    time from start to start, which is the period of the rotation.
    """
    blocks = crew_of(account, scope).blocks
    lengths = {p: [end - start for start, end in found] for p, found in blocks.items()}
    yield _median("block_median_h", lengths, HOUR_US)
    between = {p: [b[0] - a[1] for a, b in pairwise(found)] for p, found in blocks.items()}
    yield _median("between_blocks_median_d", between, DAY_US)
    yield _median("rotation_median_d", _periods(blocks), DAY_US)


def _periods(blocks: PersonSpans) -> dict[bytes, list[int]]:
    return {p: [b[0] - a[0] for a, b in pairwise(found)] for p, found in blocks.items()}


def _median(measure: str, found: Mapping[bytes, Sequence[int]], unit: int) -> Value:
    amounts = [each / unit for several in found.values() for each in several]
    (median,) = spread("", amounts, ("median",))
    people = {person: len(several) for person, several in found.items() if several}
    return Value(measure, median.value, len(amounts), median.interval, people=people)
