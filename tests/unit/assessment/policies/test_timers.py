"""Time-outs, loops and service timers (POL-05, POL-06, POL-09)."""

from dataclasses import replace
from typing import Any

import pytest

from app.assessment.figures import Figure
from app.assessment.metrics.policies import METRICS
from tests.factories.configuration_rows import estate, policy, service
from tests.factories.rows import HOUR, MONDAY, family, incident, options, rule


def found(**rows: Any) -> dict[str, Figure]:
    return family(METRICS, estate(**rows))


@pytest.mark.parametrize(
    ("delays", "loops", "short", "long"),
    [
        ([3, 15, 1], 0, 0, 0),  # both bounds are still fine; the last leads nowhere
        ([2, 15, 60], 0, 1, 0),
        ([3, 16, 1], 0, 0, 1),
        ([3, 15, 1], 1, 1, 0),
        ([3, 15, 60], 2, 0, 1),
        ([60], 0, 0, 0),
        ([60], None, 0, 0),
    ],
)
def test_only_a_time_out_that_leads_somewhere_is_judged(
    delays: list[int], loops: int | None, short: int, long: int
) -> None:
    rules = [rule(number, "ann", delay=delay) for number, delay in enumerate(delays, start=1)]
    result = found(policies=[policy(loops=loops)], rules=rules)
    assert result["short_timeouts"].value == short
    assert result["long_timeouts"].value == long


def test_the_bounds_are_those_of_the_options() -> None:
    rows = estate(policies=[policy()], rules=[rule(1, "ann", delay=8), rule(2, "bob")])
    question = replace(options(), short_timeout_min=9, long_timeout_min=7)
    result = family(METRICS, rows, question)
    assert result["short_timeouts"].value == 1
    assert result["long_timeouts"].value == 1


def test_a_long_time_out_matters_where_a_high_urgency_service_waits() -> None:
    names = ["urgent", "calm", "unknown"]
    result = found(
        policies=[policy(name) for name in names],
        rules=[
            each
            for name in names
            for each in (
                rule(1, "ann", policy=name, delay=20),
                rule(2, "bob", policy=name, delay=40),
            )
        ],
        services=[
            service("web", "urgent", urgency="high"),
            service("log", "calm", urgency="low"),
            service("off", "calm", urgency="high", status="disabled"),
            service("app", "unknown", urgency=None),
        ],
    )
    assert result["long_timeouts"].value == 3
    assert result["long_timeouts_urgent"].value == 2
    assert result["policy:calm/long_timeouts_urgent"].value == 0
    assert result["policy:calm/longest_timeout_min"].value == 20
    assert result["service:web/longest_timeout_min"].value == 20
    assert result["policy:calm/services_behind"].value == 1
    assert result["policy:calm/urgent_services_behind"].value == 0


def test_minutes_to_exhaust_are_all_time_outs_once_and_for_every_repeat() -> None:
    result = found(
        policies=[policy("once", 0), policy("thrice", 2), policy("gap", 0)],
        rules=[
            rule(1, "ann", policy="once", delay=5),
            rule(2, "bob", policy="once", delay=30),
            rule(1, "ann", policy="thrice", delay=5),
            rule(2, "bob", policy="thrice", delay=10),
            rule(1, "ann", policy="gap", delay=None),
        ],
    )
    assert result["policy:once/minutes_to_exhaust"].value == 35
    assert result["policy:thrice/minutes_to_exhaust"].value == 45
    assert result["policy:gap/minutes_to_exhaust"].value is None
    assert result["policy:thrice/loops"].value == 2
    assert result["no_repeat"].value == 2


def test_timers_of_zero_and_without_a_value_count_as_off() -> None:
    result = found(
        services=[
            service("a", ack_timeout=None, auto_resolve=0),
            service("b", ack_timeout=0),
            service("c"),
            service("d", ack_timeout=0, status="disabled"),
        ]
    )
    assert result["ack_timeout_off"].value == 2
    assert result["ack_timeout_off_share"].value == 2 / 3
    assert result["auto_resolve_off"].value == 1
    assert result["service:a/auto_resolve_off"].value == 1
    assert result["service:c/auto_resolve_off"].value == 0
    assert "service:a/auto_resolve_off_share" not in result


def test_auto_resolve_sooner_than_the_median_incident_is_too_short() -> None:
    # Both are over after 1, 1, 3, 5 and 5 hours: median 3 h. Four incidents are too few.
    lasts = [HOUR, HOUR, 3 * HOUR, 5 * HOUR, 5 * HOUR]
    result = found(
        services=[
            service("short", auto_resolve=3 * 3_600 - 1),
            service("even", auto_resolve=3 * 3_600),
            service("few", auto_resolve=60),
            service("off", auto_resolve=0),
        ],
        incidents=[
            incident(f"{name}{n}", MONDAY + n, resolved=last, service=name)
            for name, number in (("short", 5), ("even", 5), ("few", 4), ("off", 5))
            for n, last in enumerate(lasts[:number])
        ],
    )
    assert result["auto_resolve_too_short"].value == 1
    assert result["auto_resolve_too_short"].n == 2
    assert result["service:short/auto_resolve_too_short"].value == 1
    assert result["service:few/auto_resolve_too_short"].value is None
