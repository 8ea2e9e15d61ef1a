"""Which windows a run requests."""

from datetime import UTC, datetime, timedelta

import pytest

from app.models import CollectionRun
from app.operations.runs.windows import RESOURCES, windows_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begins", "ends", "starts"),
    [(90, 0, [90]), (400, 0, [180]), (400, 100, [180]), (400, 200, [])],
    ids=["90 days", "more than a year", "until 100 days ago", "until 200 days ago"],
)
def test_paused_counts_are_requested_once_and_no_further_back_than_pagerduty_goes(
    begins: int, ends: int, starts: list[int]
) -> None:
    since, until = NOW - timedelta(days=begins), NOW - timedelta(days=ends)
    run = CollectionRun(id=1, epoch_id=bytes(16), since=since, until=until, as_of=NOW)
    found = windows_of(RESOURCES["paused_incidents"], run, since, until)
    assert [each.since for each in found] == [NOW - timedelta(days=days) for days in starts]
