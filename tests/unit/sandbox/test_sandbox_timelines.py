"""What happens in a made-up account: storms, flapping, bursts, delegations, calls for help."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any, cast

import pytest

from sandbox import instants
from sandbox.account.counting import counts
from sandbox.account.generated import generate
from sandbox.account.history import History, make_history
from sandbox.account.listing import Json, Shape
from sandbox.account.model import Organisation
from sandbox.account.names import Names
from sandbox.account.organisation import Builder
from sandbox.account.sizes import SIZES, Size
from tests.unit.sandbox.sandbox_browser import Browser

AS_OF = instants.from_datetime(datetime(2026, 6, 1, 12, tzinfo=UTC))
SMALL = SIZES["small"]


def history_of(size: Size, seed: int) -> tuple[Organisation, History]:
    rng = Random(seed)  # noqa: S311 - the account is made up, nothing is guarded
    organisation = Builder(size, Names(seed), rng, AS_OF).build()
    return organisation, make_history(organisation, size, AS_OF, rng)


@pytest.fixture(scope="module", params=range(4))
def company(request: pytest.FixtureRequest) -> tuple[Organisation, History]:
    return history_of(SMALL, request.param)


def busiest(times: Sequence[int], span: int) -> tuple[int, int]:
    """(how many, since when) of the fullest stretch of that length."""
    best, first = (0, 0), 0
    for last, at in enumerate(times):
        while times[first] < at - span:
            first += 1
        best = max(best, (last - first + 1, times[first]))
    return best


def test_a_storm_strikes_services_that_depend_on_each_other(
    company: tuple[Organisation, History],
) -> None:
    organisation, history = company
    size, start = busiest([one.created for one in history.incidents], 10 * instants.MINUTE)
    assert size >= 10
    struck = {
        one.service
        for one in history.incidents
        if start <= one.created <= start + 10 * instants.MINUTE
    }
    linked = {
        node.position
        for edge in organisation.dependencies
        for node in edge[1:]
        if not node.business and {edge[1].position, edge[2].position} & struck
    }
    assert len(struck & linked) >= 2


def test_some_service_flaps(company: tuple[Organisation, History]) -> None:
    """Three incidents in a row, each within 15 minutes of the machine closing the one before."""
    _, history = company
    closed: dict[int, int] = {}
    for entry in history.log_entries:
        if entry.type == "resolve_log_entry" and entry.agent < 0:
            closed[entry.incident] = entry.at
    runs: Counter[int] = Counter()
    longest = 0
    last: dict[int, int] = {}
    for number, row in enumerate(history.incidents):
        before = last.get(row.service)
        ended = closed.get(before) if before is not None else None
        follows = ended is not None and 0 <= row.created - ended <= 15 * instants.MINUTE
        runs[row.service] = runs[row.service] + 1 if follows else 1
        longest = max(longest, runs[row.service])
        last[row.service] = number
    assert longest >= 3


def test_logs_have_delegations_and_requests_for_responders(
    browser: Browser,
) -> None:
    entries = defaultdict(list)
    for offset in range(0, 3_000, 100):
        for row in browser.rows("log_entries", limit=100, offset=offset):
            entries[row["type"]].append(row)
    delegated = entries["delegate_log_entry"]
    assert delegated
    assert all(row["assignees"] for row in delegated)
    with_requests = [
        row
        for offset in range(0, 400, 100)
        for row in browser.rows("incidents", date_range="all", limit=100, offset=offset)
        if row["responder_requests"]
    ]
    assert len(with_requests) >= 10
    states = {one["state"] for row in with_requests for one in row["incidents_responders"]}
    assert {"joined", "declined", "pending"} <= states


def test_a_huge_account_has_ten_thousand_incidents_within_seconds() -> None:
    """No window of a minute can be read whole; every window of one second can."""
    organisation, history = history_of(SIZES["huge"], 1)
    created = [one.created for one in history.incidents]
    logged = [one.at for one in history.log_entries]
    assert busiest(created, 6 * instants.SECOND)[0] > 10_000
    assert busiest(logged, 4 * instants.SECOND)[0] > 10_000
    assert busiest(logged, instants.SECOND)[0] < 10_000
    assert busiest(created, instants.SECOND)[0] < 10_000
    assert len({one.service for one in history.incidents}) > len(organisation.services) * 0.9


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (
            SIZES["huge"],
            {
                "services": 400,
                "escalation_policies": 150,
                "schedules": 160,
                "schedules_v3": 60,
                "people": 900,
                "teams": 60,
                "business_services": 150,
                "incidents": 40_000,
                "log_entries": 300_000,
            },
        ),
        (SIZES["quarter"], {"services": 50, "incidents": 33_000, "log_entries": 250_000}),
        (
            SIZES["reference"].times(2),
            {
                "services": 50,
                "escalation_policies": 25,
                "schedules": 24,
                "schedules_v3": 6,
                "people": 120,
                "teams": 10,
                "business_services": 10,
                "incidents": 24_000,
                "log_entries": 180_000,
            },
        ),
        (SMALL.times(8), {"services": 8, "incidents": 3_200, "log_entries": 24_000}),
    ],
    ids=["huge", "quarter", "reference-2", "small-8"],
)
def test_every_size_is_exact(size: Size, expected: dict[str, int]) -> None:
    found = counts(generate(size, 1, AS_OF, "acme"))
    assert {name: found[name] for name in expected} == expected


def test_the_last_page_costs_no_more_than_the_first(start: Callable[..., Browser]) -> None:
    """Counted in records made, because seconds say more about the machine."""
    browser = start(size="reference", rate_limit=0)
    listing = browser.app.extensions["sandbox"].account.listings["log_entries"]
    made: list[int] = []
    render = listing.render

    def counted(position: int, shape: Shape) -> Json:
        made.append(position)
        return cast("Json", render(position, shape))

    listing.render = counted
    for offset in (0, 9_900):
        made.clear()
        browser.rows("log_entries", limit=100, offset=offset)
        assert len(made) == 100


def test_ids_have_the_lengths_of_recorded_ones(browser: Browser) -> None:
    lengths = {
        name: {len(row["id"]) for row in browser.rows(name)}
        for name in ("services", "users", "incidents", "log_entries", "change_events")
    }
    assert lengths == {
        "services": {7},
        "users": {7},
        "incidents": {14},
        "log_entries": {14},
        "change_events": {26},
    }


def test_optional_fields_are_null_or_absent_now_and_then(browser: Browser) -> None:
    rows: list[dict[str, Any]] = [
        row
        for n in range(0, 400, 100)
        for row in browser.rows("incidents", date_range="all", limit=100, offset=n)
    ]
    for field in ("priority", "updated_at", "alert_counts", "assigned_via", "incident_type"):
        assert len({row[field] is None for row in rows}) == 2, field
    entries = [
        row
        for n in range(0, 1_000, 100)
        for row in browser.rows("log_entries", limit=100, offset=n)
    ]
    assert len({"service" in row for row in entries}) == 2
    assert len({row["teams"] is None for row in entries}) == 2
    assert len({row["agent"] is None for row in entries}) == 2
