"""`make prove` in short: one small account on SQLite, few faults, three leaks, two twins."""

from datetime import UTC, datetime, timedelta

import pytest

from proof.crawl import addresses
from proof.installation.sandboxes import last_midnight
from proof.leaky_builds import leaky, seeded
from proof.noninterference import accounts, differences
from proof.planted import Stretch
from proof.scenario import Plan, run_scenario


@pytest.mark.timeout(300)
def test_nothing_forbidden_is_found_anywhere_and_all_of_it_was_sent() -> None:
    run = run_scenario(Plan("small", faults=("errors",), pages=20), addresses())
    assert run.unsent == {}
    assert run.sent == run.planted > 50_000
    assert run.verdict.leaks == set()
    assert run.verdict.missed == set()
    assert run.verdict.found == run.verdict.controls > 500
    assert run.verdict.sinks == {
        *("database", "write-ahead log", "rows", "queue memory", "queue commands"),
        *("logs", "temporary files", "other files", "pages", "reports"),
    }


@pytest.mark.timeout(300)
def test_seeded_leaks_are_caught() -> None:
    end = last_midnight()
    stretch = Stretch(end - timedelta(days=90), end, datetime.now(UTC))
    caught = seeded(("wide_log", "deleted_row", "report_field"), stretch)
    assert [one.is_caught for one in caught] == [True] * 3


@pytest.mark.timeout(300)
def test_accounts_that_differ_in_forbidden_values_leave_the_same_bytes() -> None:
    plain, *_, other = accounts()
    assert differences((plain, other), last_midnight()) == {}


@pytest.mark.timeout(300)
def test_the_comparison_finds_a_leaked_length() -> None:
    plain, _, longer, _ = accounts()
    found = differences((plain, longer), last_midnight(), **leaky("length_logged"))
    assert list(found) == ["1: log"], found
