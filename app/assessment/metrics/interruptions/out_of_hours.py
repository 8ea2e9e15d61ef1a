"""At which hours people are interrupted: bands of their own week."""

from collections.abc import Iterable, Iterator, Mapping

from app.assessment.account import Account
from app.assessment.figures import Value, count, share, spread
from app.assessment.hours import BANDS, DAY_S, DAY_US, band_of
from app.assessment.interruptions.by_person import Interrupted
from app.assessment.metric import Measure, metric
from app.assessment.needs import BAND_OPTIONS, DUTY, LIFECYCLE, REACH, ZONES
from app.assessment.options import Bands
from app.assessment.scopes import Scope

MONTH_DAYS = 30.4375
"""A twelfth of the Julian year."""
BAD_PER_MONTH = 7
"""PagerDuty, State of Digital Operations 2021, as the press reported it: 2 good, 7 bad."""
EXTREME_PER_MONTH = 19
"""The same study: the tenth of its people with most interruptions, and its burnt-out ones."""
_MINUTE_S = 60
_WEEK_H = 168


@metric(
    "INT-03",
    "Interruptions by band",
    Measure(
        "interruptions_by_band", "Interruptions by band", "count", additive=True, sensitive=True
    ),
    levels="ATE",
    sample="rate",
    privacy="P1",
    chart="stacked bar",
    source="PagerDuty's bands 8-18, 18-22, 22-8; their overlaps are settled by our judgment",
    needs=LIFECYCLE,
    uses=(*DUTY, *ZONES),
    options=BAND_OPTIONS,
)
def band_split(account: Account, scope: Scope) -> Iterator[Value]:
    """Interruptions by the band in which the first notification came, on the clock of the person
    (their zone; the account's if they have none; their schedule's if people were not read): sleep
    first, on every day; then
    business; off is the rest. People whose zone has a name that no table knows are left out, and
    counted in DQ-08."""
    found = account.interruptions.of(scope)
    for band in BANDS:
        people = found.in_band(band)
        number = sum(people.values())
        # The total may be withheld where a band is not: it does not stand beside one.
        yield count("interruptions_by_band", number, number, band)._replace(people=people)


@metric(
    "INT-04",
    "Out-of-hours share",
    Measure(
        "non_business_share",
        "Interruptions outside business hours",
        "ratio",
        additive=True,
        table="calls",
        follows="interruptions_total",
    ),
    Measure(
        "sleep_share",
        "Interruptions in the sleep band",
        "ratio",
        additive=True,
        sensitive=True,
        follows="interruptions_total",
    ),
    Measure(
        "clock_share",
        "Share of the week in the same bands",
        "ratio",
        sample="exact",
        privacy="P0",
    ),
    levels="ATV",
    sample="prop",
    privacy="P1",
    chart="bar with expected mark",
    source="On-Call Health flags 25 to 30 %; the share of the clock beside it is ours",
    needs=LIFECYCLE,
    uses=(*DUTY, *ZONES),
    options=BAND_OPTIONS,
)
def out_of_hours_share(account: Account, scope: Scope) -> Iterator[Value]:
    """Interruptions in the bands off and sleep over all interruptions; in sleep over all. Beside
    them the share of an ordinary week that these bands take (118 and 70 of 168 hours by
    default): below it, alerts follow the working day. Without any interruption of a person
    whose zone is known there is no share."""
    found = account.interruptions.of(scope)
    outside = sum(found.out_of_hours.values())
    asleep = sum(found.in_band("sleep").values())
    people = found.in_any_band
    total = sum(people.values())
    yield share("non_business_share", outside, total)._replace(people=people)
    yield share("sleep_share", asleep, total)._replace(people=people)
    if scope.level == "account":
        for key, part in clock_shares(account.options.bands).items():
            yield Value("clock_share", part, _WEEK_H, None, key)


def clock_shares(bands: Bands) -> Mapping[str, float]:
    """Share of an ordinary week outside business hours, and in the sleep band."""
    minutes = [
        band_of(weekday, second, bands)
        for weekday in range(1, 8)
        for second in range(0, DAY_S, _MINUTE_S)
    ]
    return {
        "non_business": 1 - minutes.count("business") / len(minutes),
        "sleep": minutes.count("sleep") / len(minutes),
    }


@metric(
    "INT-07",
    "Out-of-hours interruptions per person and month",
    Measure("out_of_hours_per_month_median", "Median", "per month", "median"),
    Measure("out_of_hours_per_month_p90", "90th percentile", "per month", "p90", spread=True),
    Measure(
        "out_of_hours_over_7_share", "People above 7 a month", "ratio", sample="prop", spread=True
    ),
    Measure(
        "out_of_hours_over_19_share", "People above 19 a month", "ratio", sample="prop", spread=True
    ),
    Measure("out_of_hours_people", "People counted", "count", sample="exact"),
    levels="AT",
    sample="dur",
    privacy="P1",
    chart="strip without ids",
    source="PagerDuty, State of Digital Operations 2021, press reports: 2 good, 7 bad, 19 extreme",
    needs=(*LIFECYCLE, *REACH),
    uses=ZONES,
    options=BAND_OPTIONS,
)
def out_of_hours_rate(account: Account, scope: Scope) -> Iterator[Value]:
    """Per person the interruptions in the bands off and sleep by incidents of the place, times
    30.4375 over the days of the window; median and 90th percentile over people, share of people
    above 7 and above 19. People with a shift in the window on a schedule of the place, also those
    never interrupted; not those whose zone has an unknown name. Where no schedule is known at all,
    everybody who was notified; the key of the number of people states which: rota or notified."""
    known = bool(account.duty.entries)
    monthly = _monthly(account, scope, account.interruptions.of(scope))
    values: list[Value] = [
        *spread("out_of_hours_per_month", monthly.values(), ("median", "p90")),
        _above("out_of_hours_over_7_share", monthly.values(), BAD_PER_MONTH),
        _above("out_of_hours_over_19_share", monthly.values(), EXTREME_PER_MONTH),
        count("out_of_hours_people", len(monthly), len(monthly), "rota" if known else "notified"),
    ]
    for value in values:
        yield value._replace(people=monthly)


def _monthly(account: Account, scope: Scope, found: Interrupted) -> dict[bytes, float]:
    if account.duty.entries:
        people: Iterable[bytes] = account.duty.person_spans(scope.schedules)
    else:
        people = found.starts
    days = scope.length_us / DAY_US
    return {
        person: found.out_of_hours.get(person, 0) * MONTH_DAYS / days
        for person in people
        if account.zones.of_person(person) is not None
    }


def _above(measure: str, amounts: Iterable[float], bound: float) -> Value:
    found = list(amounts)
    return share(measure, sum(amount > bound for amount in found), len(found))
