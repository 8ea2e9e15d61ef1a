"""The made-up company behaves like one: rotations, escalations, gaps, open incidents."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from itertools import pairwise
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sandbox import instants
from sandbox.account.account import Account
from sandbox.account.counting import counts
from sandbox.account.generated import generate
from sandbox.account.history import History, make_history
from sandbox.account.listing import Shape
from sandbox.account.model import Entry, Layer, Organisation, Restriction, Rota
from sandbox.account.names import Names
from sandbox.account.organisation import Builder
from sandbox.account.outcome import STATUS_AFTER
from sandbox.account.rota import coverage_percentage, final_entries, layer_entries, overlay
from sandbox.account.shifts import assignments
from sandbox.account.sizes import SIZES

AS_OF = instants.from_datetime(datetime(2026, 6, 1, 12, tzinfo=UTC))
SIZE = SIZES["small"]
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(scope="module")
def company() -> tuple[Organisation, History]:
    rng = Random(3)  # noqa: S311 - the account is made up, nothing is guarded
    organisation = Builder(SIZE, Names(3), rng, AS_OF).build()
    return organisation, make_history(organisation, SIZE, AS_OF, rng)


def at(text: str) -> int:
    return instants.parse(text)


@pytest.mark.parametrize("seed", range(4))
def test_every_seed_makes_exact_counts(seed: int) -> None:
    account = generate(SIZE, seed, AS_OF, "acme")
    numbers = counts(account)
    assert (numbers["incidents"], numbers["log_entries"]) == (SIZE.incidents, SIZE.log_entries)
    times = account.listings["log_entries"].base.times
    assert times is not None
    assert AS_OF - 90 * instants.DAY <= times[0] <= times[-1] <= AS_OF


def test_each_incident_has_a_log_from_trigger_to_end(company: tuple[Organisation, History]) -> None:
    _, history = company
    stories = defaultdict(list)
    for entry in history.log_entries:
        stories[entry.incident].append(entry)
    for number, row in enumerate(history.incidents):
        story = stories[number]
        assert story[0].type == "trigger_log_entry"
        assert story[0].at == row.created
        last = [one for one in story if one.type in STATUS_AFTER][-1]
        assert STATUS_AFTER[last.type] == row.status
        assert (row.resolved == last.at) is (row.status == "resolved")
        assert history.log_entries[history.first_trigger[number]] == story[0]


def test_the_history_is_believable(company: tuple[Organisation, History]) -> None:
    organisation, history = company
    types = Counter(one.type for one in history.log_entries)
    assert {"escalate_log_entry", "exhaust_escalation_path_log_entry"} <= set(types)
    still_open = sum(row.status != "resolved" for row in history.incidents)
    assert 0.03 < still_open / SIZE.incidents < 0.12
    assert 0.7 < types["acknowledge_log_entry"] / SIZE.incidents < 1.2
    per_service = Counter(row.service for row in history.incidents)
    noisiest = sum(count for _, count in per_service.most_common(2))
    assert noisiest > SIZE.incidents / 3
    deleted = {n for n, one in enumerate(organisation.services) if one.deleted}
    assert deleted & set(per_service), "incidents name a service that is gone"
    assert any(row.merged for row in history.incidents)
    hours = Counter(instants.to_datetime(row.created).hour for row in history.incidents)
    assert sum(hours[h] for h in range(6, 19)) > 2 * sum(hours[h] for h in range(6))


def test_a_timeout_escalates_after_the_delay_of_its_level(
    company: tuple[Organisation, History],
) -> None:
    organisation, history = company
    assigned: dict[int, int] = {}
    checked = 0
    for entry in history.log_entries:
        if entry.type == "assign_log_entry":
            assigned[entry.incident] = entry.at
        if entry.type == "escalate_log_entry" and entry.channel == "timeout":
            service = organisation.services[history.incidents[entry.incident].service]
            delays = {
                level.delay_minutes * instants.MINUTE
                for level in organisation.policies[service.policy].levels
            }
            assert entry.at - assigned[entry.incident] in delays
            checked += 1
    assert checked > 20


def test_only_high_urgency_incidents_escalate_by_timeout(
    company: tuple[Organisation, History],
) -> None:
    _, history = company
    escalated = {
        one.incident
        for one in history.log_entries
        if one.type == "escalate_log_entry" and one.channel == "timeout"
    }
    assert escalated
    assert all(history.incidents[number].high for number in escalated)


def test_users_assigned_by_the_policy_are_on_call(
    company: tuple[Organisation, History],
) -> None:
    organisation, history = company
    duty = [
        final_entries(rota, AS_OF - 91 * instants.DAY, AS_OF + instants.DAY)
        for rota in organisation.rotas
    ]
    shifts = [
        assignments(rota, AS_OF - 91 * instants.DAY, AS_OF + instants.DAY)
        for rota in organisation.shift_rotas
    ]
    for entry in history.log_entries:
        if entry.type != "assign_log_entry" or entry.channel != "auto":
            continue
        service = organisation.services[history.incidents[entry.incident].service]
        allowed = set()
        for level in organisation.policies[service.policy].levels:
            allowed |= set(level.people)
            for rota in level.shift_rotas:
                allowed |= {e.person for e in shifts[rota] if e.start <= entry.at < e.end}
            for rota in level.rotas:
                allowed |= {e.person for e in duty[rota] if e.start <= entry.at < e.end}
        assert set(entry.people) <= allowed


WEEKLY = Layer("L1", date(2026, 2, 2), 9 * 3600, 7, (0, 1, 2))


def test_hand_offs_keep_the_wall_clock_over_a_clock_change() -> None:
    since, until = at("2026-02-25T00:00:00Z"), at("2026-03-20T00:00:00Z")
    entries = layer_entries(WEEKLY, NEW_YORK, since, until)
    hand_offs = [instants.show_in(one.start, NEW_YORK) for one in entries][1:]
    assert hand_offs == [
        "2026-03-02T09:00:00-05:00",
        "2026-03-09T09:00:00-04:00",
        "2026-03-16T09:00:00-04:00",
    ]
    assert [one.person for one in entries] == [0, 1, 2, 0]
    assert all(a.end == b.start for a, b in pairwise(entries))


def test_business_hours_leave_nights_and_weekends_open() -> None:
    rule = Restriction(9 * 3600, 8 * 3600, (1, 2, 3, 4, 5))
    layer = Layer("L1", date(2026, 2, 2), 9 * 3600, 7, (0, 1), rule)
    since, until = at("2026-02-09T00:00:00Z"), at("2026-02-16T00:00:00Z")
    entries = layer_entries(layer, ZoneInfo("Etc/UTC"), since, until)
    assert [(instants.show(e.start)[:13], instants.show(e.end)[11:13]) for e in entries] == [
        (f"2026-02-{day:02}T09", "17") for day in range(9, 14)
    ]
    spans = [entry[:2] for entry in entries]
    assert coverage_percentage(spans, since, until) == round(100 * 40 / 168, 1)


def test_an_override_wins_and_neighbours_of_one_person_are_joined() -> None:
    below, above = [Entry(0, 50, 1), Entry(50, 100, 1)], [Entry(20, 30, 2)]
    assert overlay([below, above]) == [Entry(0, 20, 1), Entry(20, 30, 2), Entry(30, 100, 1)]
    assert overlay([[Entry(0, 10, 1)], [Entry(20, 30, 2)]]) == [Entry(0, 10, 1), Entry(20, 30, 2)]


def test_the_final_schedule_is_cut_at_the_window() -> None:
    since, until = at("2026-03-04T00:00:00Z"), at("2026-03-05T00:00:00Z")
    rota = Rota("P1", 0, NEW_YORK, (WEEKLY,), (Entry(since - 5, since + 5, 9),))
    assert final_entries(rota, since, until) == [
        Entry(since, since + 5, 9),
        Entry(since + 5, until, 1),
    ]


def rendered(account: Account, name: str, number: int = 0) -> dict[str, Any]:
    return account.listings[name].base.render(number, Shape())


def test_some_instants_carry_an_offset_some_a_fraction_some_are_null() -> None:
    account = generate(SIZE, 1, AS_OF, "acme")
    incidents = [rendered(account, "incidents", n) for n in range(SIZE.incidents)]
    created = [row["created_at"] for row in incidents]
    assert any(text.endswith("-05:00") for text in created)
    assert any("." in text for text in created)
    assert any(row["priority"] is None for row in incidents)
    assert any(row["priority"] for row in incidents)
    times = account.listings["incidents"].base.times
    assert times == [instants.parse(text) for text in created]


def test_months_are_counted_on_the_calendar() -> None:
    last_of_august = datetime(2026, 8, 31, 6, tzinfo=UTC)
    assert instants.months_before(last_of_august, 6) == datetime(2026, 2, 28, 6, tzinfo=UTC)
    assert instants.months_before(last_of_august, 8) == datetime(2025, 12, 31, 6, tzinfo=UTC)
