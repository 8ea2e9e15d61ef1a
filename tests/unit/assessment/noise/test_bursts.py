"""Flapping services and storms."""

import numpy as np

from app.assessment.account import Account
from app.assessment.bursts import Starts, Storm, flaps, starts_of, storms, storms_at
from app.assessment.cases.columns import Columns
from app.assessment.metrics.noise import METRICS
from app.assessment.rows import Facts
from tests.factories.resolved_incidents import By, Handled, account, handled, resolve
from tests.factories.rows import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    SECOND,
    WEEK,
    entry,
    family,
    incident,
    options,
    pseudonyms,
)


def episodes(*cases: Handled) -> list[list[bytes]]:
    seen = Account(account(cases), options())
    found = flaps(Columns(seen.cases), np.arange(len(seen.cases)), seen.options)
    return [[seen.cases[at].incident.id for at in episode] for episode in found]


def row(
    name: str, second: int, by: By = "integration", service: str = "p", lasts: int = 60
) -> Handled:
    return handled(name, MONDAY + second * SECOND, lasts * SECOND, by, service=service)


def test_three_incidents_each_soon_after_the_last_resolve_make_an_episode() -> None:
    """Resolved at 60 and 1 020; the next start 0 and 900 seconds after that."""
    assert episodes(row("a", 0), row("b", 60), row("c", 1_020)) == [pseudonyms("abc")]


def test_two_incidents_are_no_cluster() -> None:
    assert episodes(row("a", 0), row("b", 60)) == []


def test_a_pause_of_more_than_fifteen_minutes_ends_an_episode() -> None:
    assert episodes(row("a", 0), row("b", 60), row("c", 1_021)) == []


def test_another_service_neither_continues_nor_ends_an_episode() -> None:
    other = row("x", 70, service="q")
    assert episodes(row("a", 0), other, row("c", 130)) == []
    assert episodes(row("a", 0), other, row("b", 130), row("c", 260)) == [pseudonyms("abc")]


def test_a_resolve_by_a_person_ends_an_episode() -> None:
    assert episodes(row("a", 0), row("b", 100, "person"), row("c", 200)) == []


def test_the_last_of_an_episode_may_end_in_any_way() -> None:
    assert episodes(row("a", 0), row("b", 100, "timer"), row("c", 200, "person")) == [
        pseudonyms("abc")
    ]


def test_an_incident_that_overlaps_the_one_before_does_not_continue_it() -> None:
    assert episodes(row("a", 0), row("b", 100, lasts=200), row("c", 250)) == []


def test_flapping_is_counted_per_service() -> None:
    cases = [row("a", 0), row("b", 100), row("c", 200), row("d", 0, service="q")]
    found = family(METRICS, account(cases))
    assert found["flap_episode_count"].value == 1
    assert found["flap_share"].value == 3 / 4
    assert found["service:p/flap_share"].value == 1
    assert found["service:q/flap_episode_count"].value == 0
    assert found["service:p/flap_episodes_per_month"].value == 30 / 7


def starts(*minutes: float) -> Starts:
    """Each of an incident of its own."""
    at = np.array([round(minute * MINUTE) for minute in minutes], dtype=np.int64)
    return Starts(at, np.arange(len(at)))


def test_ten_starts_in_ten_minutes_are_a_storm_and_nine_are_not() -> None:
    ten = starts(*range(9), 10)
    assert storms(ten, 10 * MINUTE, 10) == [Storm(0, 10 * MINUTE, 10)]
    assert storms(starts(*range(9)), 10 * MINUTE, 10) == []
    assert storms(ten, 10 * MINUTE - 1, 10) == []


def test_overlapping_windows_are_one_storm() -> None:
    """One a minute for twelve: the windows from minutes 0, 1 and 2 have 11, 11 and 10."""
    assert storms(starts(*range(12)), 10 * MINUTE, 10) == [Storm(0, 12 * MINUTE, 12)]


def test_storms_apart_stay_apart() -> None:
    found = storms(starts(*[0.5] * 10, *[30] * 11), 10 * MINUTE, 10)
    assert [(storm.start, storm.incidents) for storm in found] == [
        (MINUTE // 2, 10),
        (30 * MINUTE, 11),
    ]


def stormy() -> Facts:
    """Twelve in twelve minutes, six of each policy, then eight more, one a day or so."""
    names = "abcdefghijkl"
    rush = [
        handled(name, MONDAY + minute * MINUTE, HOUR, policy="one" if minute % 2 else "two")
        for minute, name in enumerate(names)
    ]
    calm = [handled(f"x{each}", MONDAY + each * 20 * HOUR + HOUR, HOUR) for each in range(8)]
    return account(rush + calm)


def test_a_storm_of_the_account_need_not_be_one_of_a_policy() -> None:
    found = family(METRICS, stormy())
    assert found["storm_count"].value == 1
    assert found["storms_per_month"].value == 30 / 7
    assert found["storm_share"].value == 12 / 20
    assert found["storm_time_share"].value == 12 / (7 * 24 * 60)
    assert found["policy:one/storm_count"].value == 0


def test_a_storm_names_its_incidents() -> None:
    seen = Account(stormy(), options())
    begun = starts_of(seen.columns, np.arange(len(seen.cases)), seen.options)
    (storm,) = storms_at(begun, seen.options)
    assert storm == Storm(MONDAY, MONDAY + 12 * MINUTE, 12)
    named = [seen.cases[at].incident.id for at in begun.within([storm])]
    assert sorted(named) == sorted(pseudonyms("abcdefghijkl"))


def reopened(name: str, *times: int) -> Handled:
    """Created on Monday, resolved after a minute, and so again after each of ``times``."""
    log = [entry(name, "trigger", MONDAY), resolve(name, MONDAY + MINUTE, "person")]
    for at in times:
        log += [entry(name, "trigger", at, number=at), resolve(name, at + SECOND, "person")]
    return Handled(incident(name, MONDAY, resolved=times[-1] + SECOND - MONDAY), log)


def test_an_incident_that_is_reopened_in_a_storm_is_one_of_it() -> None:
    later = MONDAY + DAY
    nine = [handled(f"i{each}", later + each * SECOND) for each in range(9)]
    found = family(METRICS, account([*nine, reopened("old", later + MINUTE)]))
    assert (found["storm_count"].value, found["storm_share"].value) == (1, 1)
    assert family(METRICS, account(nine))["storm_count"].value == 0


def test_an_incident_that_is_reopened_ten_times_is_no_storm() -> None:
    often = reopened("a", *(MONDAY + DAY + each * 2 * SECOND for each in range(10)))
    assert family(METRICS, account([often]))["storm_count"].value == 0


def test_what_is_reopened_after_the_window_is_in_no_storm_of_it() -> None:
    begin = [handled(f"x{each}", MONDAY + each * DAY) for each in range(1)]
    late = [reopened(f"i{each}", MONDAY + WEEK + each * SECOND) for each in range(9)]
    found = family(METRICS, account([*begin, *late]), options(as_of=MONDAY + WEEK + DAY))
    assert found["storm_count"].value == 1  # their creations, ten on Monday
    assert found["storm_time_share"].value == 10 / (7 * 24 * 60)


def test_a_storm_at_the_end_of_the_window_takes_no_time_after_it() -> None:
    cases = [handled(f"i{each}", MONDAY + WEEK - MINUTE) for each in range(10)]
    found = family(METRICS, account(cases), options(as_of=MONDAY + WEEK + DAY))
    assert found["storm_time_share"].value == 1 / (7 * 24 * 60)
