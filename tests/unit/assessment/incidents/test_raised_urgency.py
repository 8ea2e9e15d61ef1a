"""An incident that is raised to high urgency waits for an answer from then on."""

import pytest

from app.assessment.rows import LogEntry
from tests.factories.rows import HOUR, MINUTE, MONDAY, entry, facts, incident, options
from tests.unit.assessment.incidents.lifecycle import values

RAISED = MONDAY + 7 * HOUR


def turned(at: int) -> LogEntry:
    return entry("a", "urgency_change", at, agent="service", channel="auto")


@pytest.mark.parametrize(
    ("urgency", "turns", "minutes", "raised"),
    [
        ("high", [], 422, 0),
        ("high", [RAISED], 2, 1),
        # Raised, lowered and raised again: whoever is on call was paged the first time.
        ("high", [RAISED, RAISED + MINUTE, RAISED + 90_000_000], 2, 1),
        ("low", [RAISED, RAISED + MINUTE], 2, 1),
        # Created high and lowered, or raised only after somebody had it.
        ("low", [RAISED], 422, 0),
        ("high", [RAISED + 3 * MINUTE], 422, 0),
    ],
)
def test_the_clock_starts_when_the_urgency_was_raised(
    urgency: str, turns: list[int], minutes: int, raised: int
) -> None:
    log = [entry("a", "acknowledge", RAISED + 2 * MINUTE), *map(turned, turns)]
    found = values(facts([incident("a", urgency=urgency)], log))
    assert found["tta_median_s"] == minutes * 60
    assert found["raised_count"] == raised
    assert found["acked_within_target_rate"] == (minutes == 2)


def test_an_incident_raised_just_now_can_still_be_in_time() -> None:
    question = options(until=RAISED + MINUTE)
    found = values(facts([incident("a")], [turned(RAISED)]), question)
    assert found["acked_within_target_rate"] is None
