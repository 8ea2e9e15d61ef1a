"""INT-01, INT-02, INT-05: what is a notification, what an interruption, and whose."""

from dataclasses import replace

import pytest

from app.assessment.account import Account
from app.assessment.interruptions.merged import merged
from app.assessment.metrics.interruptions.by_person import interruptions_by_user
from tests.factories.rows import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    SECOND,
    WEEK,
    entry,
    incident,
    options,
    pseudonym,
)
from tests.unit.assessment.interruptions.notifications import (
    measured,
    of_teams,
    page,
    paged,
    valued,
)

ANN, BOB = pseudonym("ann"), pseudonym("bob")


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ([], []),
        ([0, 60], [0]),
        ([0, 61], [0, 61]),
        ([0, 50, 100], [0, 100]),
        ([100, 0, 50, 161, 160], [0, 100, 161]),
        ([7, 7, 7], [7]),
    ],
)
def test_notifications_within_a_minute_of_the_first_are_one_interruption(
    seconds: list[int], expected: list[int]
) -> None:
    assert merged(seconds, 60) == expected


def test_each_channel_is_counted_and_mail_interrupts_nobody() -> None:
    log = [
        page("ann", MONDAY, by="push"),
        page("ann", MONDAY + 2 * MINUTE, by="sms"),
        page("ann", MONDAY + 4 * MINUTE, by="phone"),
        page("ann", MONDAY + 6 * MINUTE, by="email"),
        page("ann", MONDAY + 8 * MINUTE, by="email"),
        page("ann", MONDAY + 10 * MINUTE, by=None),
    ]
    found = valued(paged(log, MONDAY))
    assert found["notifications_total"] == 6
    for channel, number in {"push": 1, "sms": 1, "phone": 1, "email": 2, "unknown": 1}.items():
        assert found[f"notifications_by_channel/{channel}"] == number
    assert found["interruptions_total"] == 3
    assert found["interruptions_proxy"] == 0


def test_one_person_merges_over_incidents_and_two_people_never_merge() -> None:
    log = [
        page("ann", MONDAY, "a"),
        page("ann", MONDAY + 30 * SECOND, "b"),
        page("bob", MONDAY + 30 * SECOND, "b"),
    ]
    account = Account(paged(log, MONDAY), options())
    assert interruptions_by_user(account) == {ANN: 1, BOB: 1}
    assert valued(paged(log, MONDAY))["interruptions_total"] == 2


def test_a_team_has_the_interruptions_of_its_own_incidents() -> None:
    log = [page("ann", MONDAY, "a"), page("ann", MONDAY + 30 * SECOND, "b")]
    found = valued(of_teams(paged(log, MONDAY), {"a": "red", "b": "blue"}))
    assert found["interruptions_total"] == 1
    assert found["team:red/interruptions_total"] == found["team:blue/interruptions_total"] == 1


def test_notifications_of_merged_incidents_count() -> None:
    found = paged([page("ann", MONDAY)], MONDAY)
    away = incident("a", MONDAY, resolved=HOUR, merged=True)
    assert valued(replace(found, incidents=[away]))["interruptions_total"] == 1


def test_only_notifications_in_the_window_to_a_known_person_count() -> None:
    end = MONDAY + WEEK
    log = [page("ann", end - 1), page("bob", end), page(None, MONDAY + DAY)]
    found = valued(paged(log, MONDAY), options(as_of=end + DAY))
    assert (found["notifications_total"], found["interruptions_total"]) == (2, 1)


def test_a_week_counts_interruptions_that_began_in_it_whenever_the_incident_was_created() -> None:
    sunday = MONDAY + WEEK - 30 * SECOND
    log = [page("ann", sunday), page("ann", sunday + MINUTE), page("ann", sunday + 2 * MINUTE)]
    found = valued(paged(log, MONDAY), options(until=MONDAY + 2 * WEEK))
    assert found["interruptions_total"] == 2
    assert found["week:2024-W01/interruptions_total"] == 1
    assert found["week:2024-W02/interruptions_total"] == 1


def test_without_channels_first_acknowledgements_stand_in_and_their_number_is_shown() -> None:
    log = [
        page("ann", MONDAY, "a", by=None),
        entry("a", "acknowledge", MONDAY + MINUTE)._replace(agent_id=BOB),
        entry("a", "acknowledge", MONDAY + HOUR)._replace(agent_id=ANN),
        entry("b", "acknowledge", MONDAY + DAY, agent="service"),
        entry("b", "acknowledge", MONDAY + DAY + HOUR)._replace(agent_id=BOB),
    ]
    account = Account(paged(log, MONDAY), options())
    assert account.interruptions.by_person() == {BOB: [MONDAY + MINUTE, MONDAY + DAY + HOUR]}
    found = valued(paged(log, MONDAY))
    assert found["interruptions_proxy"] == found["interruptions_total"] == 2
    assert found["notifications_by_channel/unknown"] == 1
    assert "notifications_by_channel/push" not in found


def test_without_notifications_their_number_is_not_known() -> None:
    found = valued(paged([entry("a", "acknowledge", MONDAY)], MONDAY))
    assert found["notifications_total"] is None
    assert found["interruptions_proxy"] == 1


def test_an_account_that_only_sends_mail_has_no_interruptions_and_needs_no_stand_in() -> None:
    log = [page("ann", MONDAY, by="email"), entry("a", "acknowledge", MONDAY + MINUTE)]
    found = valued(paged(log, MONDAY))
    assert (found["interruptions_total"], found["interruptions_proxy"]) == (0, 0)


def test_interruptions_per_incident_are_counted_incident_by_incident() -> None:
    log = [
        page("ann", MONDAY, "a"),
        page("ann", MONDAY + 30 * SECOND, "a", by="sms"),
        page("bob", MONDAY, "a"),
        page("ann", MONDAY + 10 * SECOND, "b"),
        page("ann", MONDAY, "c", by="email"),
    ]
    found = measured(paged(log, MONDAY))
    # a: Ann and Bob, 2; b: Ann again, 1; c interrupted nobody.
    assert found["interruptions_per_incident_mean"].value == 1.5
    assert found["interruptions_per_incident_mean"].n == 2
    assert found["interruptions_per_incident_median"].value == 1.5
    assert found["interruptions_per_incident_p90"].value == pytest.approx(1.9)


def test_a_figure_over_people_has_its_people_in_memory() -> None:
    log = [page("ann", MONDAY), page("ann", MONDAY + HOUR), page("bob", MONDAY)]
    figure = measured(paged(log, MONDAY))["interruptions_total"]
    assert (figure.privacy_class, figure.people) == ("P1", {ANN: 2, BOB: 1})
    assert "people" not in figure.as_json()


def test_no_interruption_is_zero_and_shares_of_nothing_are_no_data() -> None:
    found = valued(paged([], MONDAY))
    assert (found["notifications_total"], found["interruptions_total"]) == (0, 0)
    assert found["non_business_share"] is None
    assert found["interruptions_per_incident_mean"] is None
