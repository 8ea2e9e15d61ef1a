"""ESC-02, ESC-03, ESC-05 and ESC-10 against values worked out by hand."""

import pytest

from app.assessment.metrics.escalations import METRICS
from app.assessment.rows import LogEntry
from tests.factories.rows import HOUR, MINUTE, entry, facts, family, incident, pseudonym, rule
from tests.unit.assessment.escalations.steps import (
    AT,
    RULES,
    SHIFTS,
    step,
    timeout,
    trigger,
)


def test_escalation_figures_by_hand() -> None:
    def log(name: str, *found: LogEntry) -> list[LogEntry]:
        return [
            e._replace(incident_id=pseudonym(name), id=pseudonym(f"{name}{n}"))
            for n, e in enumerate(found)
        ]

    account = facts(
        [
            incident("first", AT),
            incident("second", AT),
            incident("hand", AT),
            incident("silent", AT, resolved=HOUR),
            incident("self", AT, resolved=HOUR),
            incident("open", AT),
            incident("bare", AT, resolved=HOUR),
            incident("gone", AT, resolved=HOUR, merged=True),
        ],
        [
            *log("first", *trigger(), step("acknowledge", 1)),
            *log("second", *trigger(), *timeout(5, "bob"), step("acknowledge", 6)),
            *log("hand", *trigger(), step("escalate", 2, "bob"), step("acknowledge", 6)),
            *log("silent", *trigger(), *timeout(5, "bob"), step("resolve", 60, agent="service")),
            *log("self", *trigger(), step("resolve", 60)),
            *log("open", *trigger()),
            *log("gone", *trigger(), *timeout(5, "bob")),
        ],
        RULES,
        ["rota1", "rota2"],
        SHIFTS,
    )
    found = family(METRICS, account)
    assert found["escalation_rate"].value == pytest.approx(3 / 7)
    assert found["missed_page_rate"].value == pytest.approx(2 / 7)
    assert found["missed_page_rate"].interval == pytest.approx((0.0822, 0.6411), abs=1e-4)
    assert (found["ack_by_level/L1"].value, found["ack_by_level/L1"].n) == (1, 3)
    assert (found["ack_by_level/L2"].value, found["ack_by_level_rate/L2"].value) == (2, 2 / 3)
    never = {k.split("/")[1]: f.value for k, f in found.items() if k.startswith("never_acked/")}
    assert never == {
        "total": 4,
        "auto_resolved": 1,
        "user_resolved": 1,
        "open": 1,
        "resolver_unknown": 1,
    }
    assert found["never_acked_rate"].value == pytest.approx(4 / 7)


def test_levels_are_listed_in_order_and_words_last() -> None:
    rules = tuple(rule(n, f"p{n}") for n in range(1, 12))
    acks = [(1, "p2"), (2, "p11"), (3, "zoe")]
    account = facts(
        [incident(f"i{n}", AT) for n, _ in acks],
        [
            found
            for n, person in acks
            for found in (
                entry(f"i{n}", "assign", AT + MINUTE, to=[person]),
                entry(f"i{n}", "acknowledge", AT + HOUR),
            )
        ],
        rules,
    )
    keys = [key for key in family(METRICS, account) if key.startswith("ack_by_level/")]
    assert keys == ["ack_by_level/L2", "ack_by_level/L11", "ack_by_level/direct"]
