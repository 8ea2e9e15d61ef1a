"""How often something changes, without repetitions and in local days."""

from dataclasses import replace

from app.assessment.metrics.changes import METRICS
from app.assessment.rows import ChangeEvent
from tests.factories.rows import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    SECOND,
    WEEK,
    change,
    facts,
    family,
    options,
    pseudonym,
)

AT = MONDAY + 10 * HOUR


def counted(*changes: ChangeEvent) -> float | None:
    return family(METRICS, facts(changes=changes))["changes"].value


def test_repetitions_within_a_minute_of_the_first_are_one_change() -> None:
    """The third is 61 seconds after the first, though one second after the second."""
    first = change("a", AT, "p")
    assert counted(first, change("b", AT + MINUTE, "p")) == 1
    assert (
        counted(first, change("b", AT + MINUTE, "p"), change("c", AT + MINUTE + SECOND, "p")) == 2
    )


def test_other_services_or_another_integration_are_other_changes() -> None:
    found = counted(
        change("a", AT, "p"),
        change("b", AT, "q"),
        change("c", AT, "p", "q"),
        change("d", AT, "p", integration="other"),
        change("e", AT, "p", integration=None),
    )
    assert found == 5


def test_the_services_of_a_change_have_no_order() -> None:
    assert counted(change("a", AT, "p", "q"), change("b", AT + SECOND, "q", "p")) == 1


def test_only_the_chosen_integrations_count() -> None:
    rows = facts(changes=[change("a", AT, "p"), change("b", AT, "p", integration="chat")])
    chosen = replace(options(), change_integrations=(pseudonym("chat"),))
    assert family(METRICS, rows, chosen)["changes"].value == 1


def test_a_change_belongs_to_the_window_of_its_moment() -> None:
    found = counted(
        change("before", MONDAY - 1, "p"),
        change("first", MONDAY + HOUR, "p"),
        change("after", MONDAY + WEEK, "p"),
    )
    assert found == 1


def test_changes_per_day_and_days_with_a_change() -> None:
    rows = facts(changes=[change(f"c{h}", MONDAY + h * HOUR, "p") for h in (1, 23, 24, 100)])
    found = family(METRICS, rows)
    assert found["changes_per_day"].value == 4 / 7
    assert found["days_with_change"].value == 3
    assert found["week:2024-W01/changes"].value == 4
    assert found["week:2024-W01/days_with_change"].value == 3


def test_a_day_is_local() -> None:
    """03:00 and 06:00 UTC on Tuesday are Monday and Tuesday in New York."""
    at = MONDAY + DAY
    rows = facts(changes=[change("a", at + 3 * HOUR, "p"), change("b", at + 6 * HOUR, "p")])
    abroad = replace(options(), time_zone="America/New_York")
    assert family(METRICS, rows)["days_with_change"].value == 1
    assert family(METRICS, rows, abroad)["days_with_change"].value == 2


def test_the_median_week_leaves_cut_weeks_out_and_quiet_weeks_in() -> None:
    """Whole weeks 2 to 5 have changes on 3, 0, 1 and 1 days."""
    days = [2, 3, 4, 5, 7, 8, 9, 21, 21.2, 34]
    rows = facts(changes=[change(f"c{n}", MONDAY + int(d * DAY), "p") for n, d in enumerate(days)])
    question = replace(options(MONDAY + 5 * WEEK + DAY), since=MONDAY + 2 * DAY)
    found = family(METRICS, rows, question)["median_days_with_change_per_week"]
    assert (found.value, found.n) == (1, 4)


def test_without_a_whole_week_there_is_no_median_week() -> None:
    question = options(MONDAY + 5 * DAY)
    found = family(METRICS, facts(changes=[change("a", AT, "p")]), question)
    assert found["median_days_with_change_per_week"].value is None
    assert found["changes"].value == 1
