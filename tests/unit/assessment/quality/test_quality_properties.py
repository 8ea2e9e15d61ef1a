"""What is true of the quality of any account."""

import random
from dataclasses import replace

from hypothesis import given

from app.assessment.metrics.quality import METRICS
from app.assessment.rows import Facts
from tests.factories.account_strategies import seeds, some
from tests.factories.rows import (
    DAY,
    HOUR,
    MONDAY,
    SECOND,
    WEEK,
    entry,
    family,
    incident,
    options,
    shift,
)
from tests.unit.assessment.interruptions.notifications import page

KINDS = ("trigger", "acknowledge", "resolve", "reopen", "urgency_change")
TWO_WEEKS = options(until=MONDAY + 2 * WEEK)


def drawn(seed: int) -> Facts:
    """Ten incidents around two weeks, with any log."""
    chance = random.Random(seed)  # noqa: S311
    starts = [MONDAY + chance.randrange(-DAY // SECOND, 15 * 86_400) * SECOND for _ in range(10)]
    ends = [chance.choice([None, HOUR, -HOUR, 20 * DAY]) for _ in starts]
    log = [
        entry(f"i{i}", chance.choice(KINDS), at + chance.randrange(-5, 9000) * SECOND, number=n)
        for i, at in enumerate(starts)
        for n in range(4)
    ]
    log += [page("ann", at, f"i{i}") for i, at in enumerate(starts)]
    return Facts(
        [
            incident(f"i{i}", at, resolved=end)
            for i, (at, end) in enumerate(zip(starts, ends, strict=True))
        ],
        log,
        schedule_entries=[shift("rota", MONDAY, MONDAY + DAY, "bob")],
    )


@some
@given(seeds)
def test_counts_of_two_weeks_add_up_to_those_of_both(seed: int) -> None:
    found = drawn(seed)
    question = options(until=MONDAY + 2 * WEEK, as_of=MONDAY + 5 * WEEK)
    parts = (replace(question, until=MONDAY + WEEK), replace(question, since=MONDAY + WEEK))
    first, second, both = (family(METRICS, found, each) for each in (*parts, question))
    for name in (
        "negative_duration_count",
        "unknown_log_entry_type_count",
        "unknown_channel_count",
        "unknown_notification_count",
        "urgency_changed_count",
        "truncated_count/right",
        "inconsistent_fact_count/resolve",
    ):
        assert (first[name].value or 0) + (second[name].value or 0) == both[name].value, name
