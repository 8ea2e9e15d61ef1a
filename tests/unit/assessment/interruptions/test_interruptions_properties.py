"""What is true of interruptions of any account."""

import random
from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.assessment.account import Account
from app.assessment.metrics.interruptions import SERIES
from app.assessment.rows import Facts, LogEntry
from tests.factories.account_strategies import seeds
from tests.factories.rows import (
    DAY,
    HOUR,
    MONDAY,
    SECOND,
    WEEK,
    entry,
    incident,
    options,
    pseudonym,
    rule,
    shift,
)
from tests.unit.assessment.interruptions.notifications import page, valued

THREE_WEEKS = options(until=MONDAY + 3 * WEEK)
PEOPLE = ("ann", "bob", "cat")


def drawn(seed: int, size: int) -> Facts:
    """Incidents of two weeks with pages close together, shifts of half days, zones unknown."""
    chance = random.Random(seed)  # noqa: S311
    names = [f"i{number}" for number in range(size)]
    starts = [MONDAY + chance.randrange(2 * WEEK // SECOND) * SECOND for _ in names]
    log: list[LogEntry] = []
    for name, start in zip(names, starts, strict=True):
        for number in range(chance.randrange(6)):
            moment = start + chance.choice([0, 30, 60, 61, 4000, 90_000]) * SECOND
            by = chance.choice(["push", "sms", "phone", "email", None])
            log.append(page(chance.choice(PEOPLE), moment + number, name, by))
        log.append(entry(name, "acknowledge", start + HOUR))
    shifts = [
        shift("rota", MONDAY + half * DAY // 2, MONDAY + (half + 1) * DAY // 2, PEOPLE[half % 3])
        for half in range(28)
    ]
    incidents = [incident(n, at) for n, at in zip(names, starts, strict=True)]
    return Facts(incidents, log, [rule(1, "rota")], schedule_entries=shifts)


sizes = st.integers(0, 12)


@settings(max_examples=30, deadline=None)
@given(seeds, sizes)
def test_weeks_add_up_to_the_window_and_bands_and_hours_to_the_total(seed: int, size: int) -> None:
    found = valued(drawn(seed, size), THREE_WEEKS)
    total = found["interruptions_total"]
    for prefix in ("interruptions_by_band/", "interruptions_by_hour/"):
        assert sum(v or 0 for name, v in found.items() if name.startswith(prefix)) == total
    weeks = [v or 0 for name, v in found.items() if name.startswith("week:") and "_total" in name]
    assert (len(weeks), sum(weeks)) == (3, total)


@settings(max_examples=30, deadline=None)
@given(seeds, sizes)
def test_two_people_never_merge_and_mail_changes_nothing(seed: int, size: int) -> None:
    found = drawn(seed, size)
    found = replace(found, log_entries=[*found.log_entries, page("ann", MONDAY, "i0", "email")])
    together = Account(found, THREE_WEEKS).interruptions.by_person()
    for who in PEOPLE:
        own = [
            e
            for e in found.log_entries
            if e.user_id == pseudonym(who) and e.notification != "email_notification"
        ]
        alone = replace(found, log_entries=[*own, page("dan", MONDAY, "i0", "email")])
        expected = Account(alone, THREE_WEEKS).interruptions.by_person()
        assert together.get(pseudonym(who)) == expected.get(pseudonym(who))


@settings(max_examples=30, deadline=None)
@given(seeds, sizes)
def test_no_two_interruptions_of_a_person_begin_within_a_minute(seed: int, size: int) -> None:
    account = Account(drawn(seed, size), THREE_WEEKS)
    for starts in account.interruptions.by_person().values():
        assert all(b - a > 60 * SECOND for a, b in pairwise(starts))


@settings(max_examples=20, deadline=None)
@given(seeds, sizes)
def test_charts_and_figures_have_the_same_numbers(seed: int, size: int) -> None:
    found = drawn(seed, size)
    by_name = {each.name: each.compute(Account(found, THREE_WEEKS)) for each in SERIES}
    figures = valued(found, THREE_WEEKS)
    bars = by_name["weekly_interruptions"].points
    assert sum(int(point["count"] or 0) for point in bars) == figures["interruptions_total"]
    hours = by_name["incident_hours"].points
    assert {f"incidents_by_hour/{point['cell']}": point["count"] for point in hours} == {
        name: value for name, value in figures.items() if name.startswith("incidents_by_hour/")
    }
