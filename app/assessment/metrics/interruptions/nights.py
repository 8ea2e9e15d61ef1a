"""Nights and rest that interruptions break."""

from collections.abc import Iterable, Iterator, Mapping

from app.assessment.account import Account
from app.assessment.figures import Value, count, rate, share, spread
from app.assessment.hours import DAY_US
from app.assessment.interruptions.nights import (
    longest_rests,
    longest_run,
    nights_on_call,
    weeks_with_run,
)
from app.assessment.metric import Measure, metric
from app.assessment.metrics.interruptions.out_of_hours import MONTH_DAYS
from app.assessment.needs import BAND_OPTIONS, DUTY, LIFECYCLE, REACH, ZONES
from app.assessment.options import MICROSECONDS
from app.assessment.scopes import Scope

LONG_RUN = 3
"""Disturbed nights in a row (UK HSE, HSG256: two to three nights at most)."""


@metric(
    "INT-06",
    "Disturbed nights",
    Measure("disturbed_nights_total", "Disturbed nights", "count", additive=True, sensitive=True),
    Measure(
        "disturbed_nights_median",
        "Disturbed nights per person, median",
        "nights",
        "median",
        sample="dur",
        sensitive=True,
    ),
    Measure(
        "disturbed_nights_p90",
        "Disturbed nights per person, 90th percentile",
        "nights",
        "p90",
        sample="dur",
        spread=True,
        sensitive=True,
    ),
    Measure(
        "disturbed_run_max",
        "Longest run of disturbed nights",
        "nights",
        spread=True,
        sensitive=True,
    ),
    Measure(
        "disturbed_run_weeks",
        "Weeks with a run of 3 or more",
        "weeks",
        spread=True,
        sensitive=True,
    ),
    Measure(
        "disturbed_night_share",
        "Nights on call that were disturbed",
        "ratio",
        sample="prop",
        additive=True,
        sensitive=True,
    ),
    levels="ATE",
    sample="rate",
    privacy="P1",
    chart="histogram",
    source="Folkard and Tucker 2003: safety declines over successive nights; a run of 3 is theirs",
    needs=(*LIFECYCLE, *REACH),
    uses=ZONES,
    options=BAND_OPTIONS,
)
def disturbed_nights(account: Account, scope: Scope) -> Iterator[Value]:
    """Nights of a person with at least one interruption in the sleep band; a night runs from the
    evening to the morning after on the person's clock. Over the people who had a night on call (at
    least four hours of it on a schedule of the place) or a disturbed one: sum, median, 90th
    percentile, the longest run of consecutive nights of any person, and the ISO weeks in which any
    person's run reached its third night or continued past it. The share is nights on call that were
    disturbed over nights on call; without schedules there is none."""
    disturbed = account.interruptions.of(scope).nights
    on_call = _on_call(account, scope)
    people = {
        person: float(len(disturbed.get(person, ())))
        for person in sorted({p for p, n in (*on_call.items(), *disturbed.items()) if n})
    }
    total = round(sum(people.values()))
    weeks = set().union(*(weeks_with_run(n, LONG_RUN) for n in disturbed.values()))
    longest = max(map(longest_run, disturbed.values()), default=0)
    values: list[Value] = [
        count("disturbed_nights_total", total, sum(map(len, on_call.values()))),
        *spread("disturbed_nights", people.values(), ("median", "p90")),
        Value("disturbed_run_max", longest if people else None, len(people)),
        Value("disturbed_run_weeks", len(weeks) if people else None, len(people)),
    ]
    for value in values:
        yield value._replace(people=people)
    yield _share(on_call, disturbed)


def _share(on_call: Mapping[bytes, list[int]], disturbed: Mapping[bytes, list[int]]) -> Value:
    hits = sum(len(set(n) & set(disturbed.get(person, ()))) for person, n in on_call.items())
    nights = {person: float(len(n)) for person, n in on_call.items() if n}
    return share("disturbed_night_share", hits, round(sum(nights.values())))._replace(people=nights)


def _on_call(account: Account, scope: Scope) -> dict[bytes, list[int]]:
    return {
        person: nights_on_call(spans, account.interruptions.nights(zone))
        for person, spans in account.duty.person_spans(scope.schedules).items()
        if (zone := account.zones.of_person(person)) is not None
    }


@metric(
    "INT-10",
    "Interrupted rest",
    Measure(
        "interrupted_rest_days",
        "Days without 11 h of rest",
        "count",
        additive=True,
        sensitive=True,
    ),
    Measure(
        "interrupted_rest_share",
        "Disturbed days without 11 h of rest",
        "ratio",
        sample="prop",
        additive=True,
        sensitive=True,
        follows="interrupted_rest_days",
    ),
    Measure(
        "interrupted_rest_per_person_month",
        "Days without 11 h of rest per person and month",
        "per person-month",
        sensitive=True,
        follows="interrupted_rest_days",
    ),
    levels="AT",
    sample="rate",
    privacy="P1",
    chart="number",
    source=(
        "Directive 2003/88/EC, article 3: 11 h of daily rest; call-outs interrupt rest, stand-by "
        "need not (CJEU C-344/19). An indicator, not legal advice"
    ),
    needs=LIFECYCLE,
    uses=(*DUTY, *ZONES),
    options=(*BAND_OPTIONS, "min_rest_s"),
)
def interrupted_rest(account: Account, scope: Scope) -> Iterable[Value]:
    """Days of a person, noon to noon on their clock, with an interruption in the sleep band, of
    which the longest stretch without any interruption is shorter than the daily rest (11 h); and
    their share of the days with an interruption in the sleep band. Days that the window cuts are
    left out. The rate covers the people with a shift in the window on a schedule of the place, and
    counts their days only; a month is 30.4375 days. Without schedules there is none."""
    options = account.options
    bound = options.min_rest_s * MICROSECONDS
    short: dict[bytes, float] = {}
    disturbed: dict[bytes, float] = {}
    found = account.interruptions.of(scope)
    for person, starts in found.starts.items():
        zone = account.zones.of_person(person)
        if zone is None:
            continue
        clock = account.zones.clock(zone)
        night = found.at_night.get(person, ())
        rests = longest_rests(starts, night, clock, options.since, options.until)
        if rests:
            disturbed[person] = len(rests)
            short[person] = sum(rest < bound for rest in rests)
    hits, of = round(sum(short.values())), round(sum(disturbed.values()))
    return (
        count("interrupted_rest_days", hits, of)._replace(people=short),
        share("interrupted_rest_share", hits, of)._replace(people=disturbed),
        _per_month(account, scope, short),
    )


def _per_month(account: Account, scope: Scope, short: Mapping[bytes, float]) -> Value:
    crew = account.duty.person_spans(scope.schedules)
    known = (person for person in crew if account.zones.of_person(person) is not None)
    days = {person: short.get(person, 0.0) for person in known}
    months = len(days) * scope.length_us / DAY_US / MONTH_DAYS
    value = rate("interrupted_rest_per_person_month", round(sum(days.values())), months)
    return value._replace(people=days)
