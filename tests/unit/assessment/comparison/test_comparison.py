"""Baseline and follow-up of one account: what compares, what changed, what became of findings."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from app.assessment.comparison import Comparison, compare, why_not
from app.assessment.comparison.changes import Change
from app.assessment.comparison.notes import FEWER
from app.assessment.options import AssessmentOptions
from app.assessment.rows import Facts, Incident, LogEntry, ScheduleEntry
from tests.factories.configuration_rows import estate, policy, service
from tests.factories.rows import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    SECOND,
    WEEK,
    entry,
    incident,
    rule,
    shift,
)

LENGTH = 4 * WEEK
LATER = MONDAY + LENGTH
END = LATER + LENGTH


def window(since: int, length: int = LENGTH, **more: Any) -> AssessmentOptions:
    return AssessmentOptions(since=since, until=since + length, as_of=END + WEEK, **more)


BEFORE, AFTER = window(MONDAY), window(LATER)


def raised(
    since: int,
    number: int,
    *,
    name: str = "",
    ack: int | None = 2 * MINUTE,
    lasts: int = HOUR,
    service: str = "web",
    by: str = "user",
) -> tuple[list[Incident], list[LogEntry]]:
    """So many incidents in the four weeks from ``since``, hours apart, acknowledged after
    ``ack`` and resolved after ``lasts`` by a user or a service."""
    incidents, log = [], []
    for place in range(number):
        made, at = f"{name}{service}{place}-{since // DAY}"[:16], since + place * 3 * HOUR
        incidents.append(incident(made, at, resolved=lasts, service=service))
        log.append(entry(made, "resolve", at + lasts, agent=by))
        if ack is not None:
            # Each a second later than the one before: no two are equal.
            log.append(entry(made, "acknowledge", at + ack + place * SECOND))
    return incidents, log


def account(
    *parts: tuple[list[Incident], list[LogEntry]],
    services: Iterable[str] = ("web",),
    born: int = MONDAY - DAY,
    shifts: Iterable[ScheduleEntry] = (),
) -> Facts:
    held = list(shifts)
    return estate(
        policies=[policy()],
        rules=[rule(1, "rota1"), rule(2, "boss")],
        services=[
            service(name, created=born if name == "new" else MONDAY - DAY) for name in services
        ],
        rosters={"rota1": []},
        shifts=held,
        incidents=[each for incidents, _ in parts for each in incidents],
        log_entries=[each for _, log in parts for each in log],
    )


def change(found: Comparison, measure: str, *, matched: bool = True) -> Change:
    (result,) = (c for c in (found.matched if matched else found.changes) if c.measure == measure)
    return result


@pytest.mark.parametrize(
    ("followup", "reason"),
    [
        (AFTER, ""),
        (window(LATER, LENGTH - WEEK), "The windows are not equally long."),
        (replace(AFTER, excluded_urgencies=()), "The options differ: excluded_urgencies."),
        (
            replace(AFTER, minimum_group=6, ack_target_s=60),
            "The options differ: ack_target_s, minimum_group.",
        ),
        (replace(AFTER, as_of=END + 2 * WEEK), ""),
    ],
)
def test_two_windows_that_do_not_compare_state_why(
    followup: AssessmentOptions, reason: str
) -> None:
    assert why_not(BEFORE, followup) == reason
    found = compare(account(), BEFORE, followup)
    assert (found.reason, found.as_json()["comparable"]) == (reason, not reason)
    if reason:
        assert list(found.changes) == list(found.matched) == []


def test_windows_must_be_whole_weeks() -> None:
    odd = LENGTH + DAY
    one, two = window(MONDAY, odd), window(LATER, odd)
    assert why_not(one, two) == "The windows are not whole weeks."
    # The second need not begin where the first ends.
    assert why_not(BEFORE, window(LATER + HOUR)) == ""


def test_without_a_service_in_both_nothing_is_compared() -> None:
    found = account(raised(MONDAY, 5, service="old"), services=["new"], born=LATER + DAY)
    assert compare(found, BEFORE, AFTER).reason == "No service is in both assessments."


def test_a_quicker_acknowledgement_is_better_and_a_slower_one_worse() -> None:
    quick, slow = raised(LATER, 40, ack=2 * MINUTE), raised(MONDAY, 40, ack=20 * MINUTE)
    found = compare(account(slow, quick), BEFORE, AFTER)
    assert change(found, "tta_median_s").verdict == "better"
    assert change(found, "high_urgency_tta_median_s").verdict == "better"
    # 300 s: none of the slow and all of the quick ones, of which the last waits 159 s.
    assert change(found, "acked_within_target_rate").verdict == "better"
    assert change(found, "incident_count").verdict == "no clear change"
    assert change(found, "ttr_all_median_s").verdict == "no clear change"
    back = compare(
        account(raised(MONDAY, 40, ack=2 * MINUTE), raised(LATER, 40, ack=20 * MINUTE)),
        BEFORE,
        AFTER,
    )
    assert change(back, "tta_median_s").verdict == "worse"
    assert change(back, "acked_within_target_rate").verdict == "worse"


def test_the_number_of_comparisons_is_stated_and_corrected_for() -> None:
    found = compare(account(raised(MONDAY, 40), raised(LATER, 40)), BEFORE, AFTER)
    result = [each for each in found.changes if each.verdict != "not comparable"]
    assert found.comparisons == len(result) >= 21
    assert found.as_json()["adjusted"] is True
    assert {each.verdict for each in result} == {"no clear change"}


def test_the_headline_is_over_the_services_in_both() -> None:
    old = [raised(MONDAY, 10), raised(LATER, 10)]
    noisy = raised(LATER, 90, service="new")
    rows = account(*old, noisy, services=["web", "new"], born=LATER + DAY)
    found = compare(rows, BEFORE, AFTER)
    assert found.matched_services == 1
    every, matched = (change(found, "incident_count", matched=m) for m in (False, True))
    assert (every.followup.value, every.verdict) == (100, "worse")
    assert (matched.followup.value, matched.verdict) == (10, "no clear change")


def people(since: int, number: int, first: int = 0) -> list[ScheduleEntry]:
    """A day on call for each of so many people."""
    return [
        shift("rota1", since + place * DAY, since + (place + 1) * DAY, f"p{first + place}")
        for place in range(number)
    ]


@pytest.mark.parametrize(
    ("after", "withheld"),
    [
        (people(LATER, 10), None),
        (people(LATER, 11), "PRIV-4"),
        (people(LATER, 12), "PRIV-4"),
        (people(LATER, 13), None),
        (people(LATER, 10, first=1), "PRIV-4"),  # one left, one came
        (people(LATER, 10, first=2), None),  # two and two
        (people(LATER, 4), "PRIV-1"),
    ],
)
def test_a_change_over_people_is_published_only_for_the_same_or_clearly_different_groups(
    after: list[ScheduleEntry], withheld: str | None
) -> None:
    rows = account(raised(MONDAY, 10), raised(LATER, 10), shifts=[*people(MONDAY, 10), *after])
    result = change(compare(rows, BEFORE, AFTER), "gini_roster_corrected")
    assert result.followup.withheld == withheld
    assert (result.followup.value is None) == (withheld is not None)
    if withheld:
        assert result.verdict == "not comparable"
        assert result.baseline.value is None
        assert result.baseline.withheld is not None
        assert result.baseline.n is None


def test_all_services_and_the_matched_ones_do_not_reveal_one_person_by_their_difference() -> None:
    # The new service has a rota of its own with one person more.
    rows = account(raised(MONDAY, 10), raised(LATER, 10), services=["web"])
    second = replace(
        rows,
        services=[*rows.services, service("new", "other", created=LATER + DAY)],
        escalation_policies=[*rows.escalation_policies, policy("other")],
        escalation_rules=[*rows.escalation_rules, rule(1, "rota2", policy="other")],
        schedules=[*rows.schedules, rows.schedules[0]._replace(id=b"rota2".ljust(16, b"\0"))],
        schedule_entries=[
            *people(MONDAY, 10),
            *people(LATER, 10),
            shift("rota2", MONDAY, MONDAY + DAY, "lone"),
            shift("rota2", LATER, LATER + DAY, "lone"),
        ],
    )
    found = compare(second, BEFORE, AFTER)
    assert change(found, "gini_roster_corrected", matched=False).followup.value is not None
    matched = change(found, "gini_roster_corrected")
    assert (matched.followup.value, matched.followup.withheld) == (None, "PRIV-4")


def test_findings_are_new_still_open_better_or_closed() -> None:
    # Slow by more than a quarter of an hour, then by more than five minutes, then not at all.
    very, slow, fast = (
        {since: raised(since, 40, ack=ack) for since in (MONDAY, LATER)}
        for ack in (20 * MINUTE, 7 * MINUTE, MINUTE)
    )

    def state(before: Any, after: Any) -> str | None:
        found = compare(account(before[MONDAY], after[LATER]), BEFORE, AFTER)
        states = {each.finding.id: each.state for each in found.findings}
        return states.get("F18")

    assert state(fast, very) == "new"
    assert state(very, very) == "still open"
    assert state(slow, very) == "still open"
    assert state(very, slow) == "better"
    assert state(very, fast) == "closed"
    assert state(fast, fast) is None


def test_a_finding_whose_figure_is_gone_is_not_closed() -> None:
    # Nobody acknowledges any more: there is no median left to judge by.
    rows = account(raised(MONDAY, 40, ack=20 * MINUTE), raised(LATER, 40, ack=None))
    found = compare(rows, BEFORE, AFTER)
    states = {each.finding.id: each for each in found.findings}
    assert states["F18"].state == "not checkable"
    result = states["F18"].as_json()
    assert (result["severity"], result["state"]) == ("High", "not checkable")


@pytest.mark.parametrize(
    ("before", "after", "noted"),
    [
        # As many, as long: nothing to warn of.
        ((40, HOUR, "user"), (40, HOUR, "user"), False),
        # Quicker, and as many: no warning either.
        ((40, 2 * HOUR, "user"), (40, HOUR, "user"), False),
        ((40, 2 * HOUR, "user"), (30, HOUR, "user"), True),
        # As many, quicker only because most of them now heal within two minutes.
        ((40, HOUR, "user"), (40, 2 * MINUTE, "service"), True),
        ((40, HOUR, "user"), (30, 2 * HOUR, "user"), False),
    ],
)
def test_a_quicker_recovery_is_read_with_and_without_transients(
    before: tuple[int, int, str], after: tuple[int, int, str], noted: bool
) -> None:
    parts = [
        raised(since, number, lasts=lasts, by=by, ack=MINUTE)
        for since, (number, lasts, by) in ((MONDAY, before), (LATER, after))
    ]
    found = compare(account(*parts), BEFORE, AFTER)
    assert list(found.notes) == ([FEWER] if noted else [])
    assert found.as_json()["notes"] == list(found.notes)


def test_recovery_is_shown_with_and_without_transients() -> None:
    healing = raised(MONDAY, 6, name="h", lasts=2 * MINUTE, by="service", ack=None)
    lasting = raised(MONDAY, 5, lasts=HOUR)
    found = compare(account(healing, lasting, raised(LATER, 5)), BEFORE, AFTER)
    # Of eleven the sixth healed after two minutes; of the other five all took an hour.
    assert change(found, "ttr_all_median_s").baseline.value == 120
    assert change(found, "ttr_median_without_transient_s").baseline.value == 3_600


def test_a_comparison_as_json() -> None:
    result = compare(account(raised(MONDAY, 9), raised(LATER, 9)), BEFORE, AFTER).as_json()
    assert result["matched_services"] == 1
    first = result["matched"][0]
    assert (first["id"], first["measure"], first["dimension"]) == (
        "INC-04",
        "tta_median_s",
        "response",
    )
    assert {"baseline", "followup", "effect", "interval", "p", "verdict", "unit"} <= set(first)
