"""Accounts drawn by chance, of the two weeks from ``MONDAY`` on.

``accounts``: any log in any order, any clock, some of it outside the window.
``ended_accounts``: incidents that resolve in different ways, often close together, and changes.
"""

from dataclasses import replace

from hypothesis import settings, strategies

from app.assessment.rows import AddedResponder, Facts, Incident, LogEntry
from tests.factories.configuration_rows import service
from tests.factories.resolved_incidents import By, account, handled
from tests.factories.rows import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    SECOND,
    change,
    entry,
    facts,
    incident,
    pseudonym,
    rule,
    shift,
)

some = settings(max_examples=25, deadline=None)
seeds = strategies.integers(0, 10**6)
weeks = strategies.integers(-500, 500)


_KINDS = (
    "trigger",
    "acknowledge",
    "acknowledge",
    "unacknowledge",
    "assign",
    "delegate",
    "escalate",
    "repeat_escalation_path",
    "exhaust_escalation_path",
    "snooze",
    "resolve",
    "reopen",
)
_RULES = [rule(1, "rota1"), rule(2, "rota2"), rule(3, "boss")]
_SHIFTS = [
    shift(rota, MONDAY + day * DAY, MONDAY + day * DAY + 20 * HOUR, person)
    for rota, person in (("rota1", "ann"), ("rota2", "bob"))
    for day in range(14)
]
_people = strategies.sampled_from(("ann", "bob", "boss", "zoe"))
_minutes = strategies.integers(-2, 600)
_urgencies = strategies.sampled_from(("high", "high", "low"))


@strategies.composite
def accounts(draw: strategies.DrawFn) -> Facts:
    """Two weeks of incidents of two services and two teams."""
    names = [f"i{number}" for number in range(draw(strategies.integers(0, 10)))]
    every = [draw(_incidents(name)) for name in names]
    log = [
        each
        for name, i in zip(names, every, strict=True)
        for each in draw(_logs(name, i.created_at))
    ]
    rows = facts(every, log, _RULES, ["rota1", "rota2"], _SHIFTS)
    return replace(
        rows,
        services=[service("shop"), service("till", ack_timeout=0)],
        priorities=[pseudonym(name) for name in ("P1", "P2", "P3")],
    )


@strategies.composite
def _logs(draw: strategies.DrawFn, name: str, at: int) -> list[LogEntry]:
    found = []
    for number in range(draw(strategies.integers(0, 6))):
        kind, person = draw(strategies.sampled_from(_KINDS)), draw(_people)
        step = entry(
            name,
            kind,
            at + draw(_minutes) * MINUTE,
            agent=draw(strategies.sampled_from(("user", "user", "service"))),
            channel=draw(strategies.sampled_from(("timeout", "website"))),
            to=draw(strategies.lists(_people, max_size=2)),
            number=number,
        )
        own = pseudonym(f"{name}.{number}")
        found.append(step._replace(id=own, agent_id=pseudonym(person)))
    return found


@strategies.composite
def _incidents(draw: strategies.DrawFn, name: str) -> Incident:
    at = MONDAY + draw(strategies.integers(-1, 14 * 24)) * HOUR + draw(_minutes) * MINUTE
    lasts = draw(strategies.one_of(strategies.none(), strategies.integers(-1, 3_000)))
    found = incident(
        name,
        at,
        resolved=None if lasts is None else lasts * MINUTE,
        urgency=draw(_urgencies),
        merged=lasts is not None and draw(strategies.integers(0, 9)) == 0,
        teams=draw(strategies.sets(strategies.sampled_from(("red", "blue")))),
        service=draw(strategies.sampled_from(("shop", "till"))),
    )
    priority = draw(strategies.sampled_from((None, "P1", "P2", "P3")))
    helpers = tuple(
        AddedResponder(state, at, at + draw(_minutes) * MINUTE, pseudonym(who))
        for who, state in draw(
            strategies.dictionaries(_people, strategies.sampled_from(("joined", "declined")))
        ).items()
    )
    return found._replace(
        priority_id=None if priority is None else pseudonym(priority),
        responders=helpers,
        requests=(at,) if helpers else (),
    )


_days = strategies.integers(0, 13)
_starts = strategies.integers(0, 90)
_endings: strategies.SearchStrategy[tuple[int | None, By, bool]] = strategies.tuples(
    strategies.one_of(strategies.none(), strategies.integers(0, 1_500)),
    strategies.sampled_from(("integration", "timer", "person")),
    strategies.booleans(),
)


@strategies.composite
def ended_accounts(draw: strategies.DrawFn) -> Facts:
    """Two weeks of incidents and changes of three services, many of them close together."""
    cases = []
    for number in range(draw(strategies.integers(0, 25))):
        at = MONDAY + draw(_days) * DAY + draw(_starts) * MINUTE
        seconds, by, acked = draw(_endings)
        cases.append(
            handled(
                f"i{number}",
                at,
                None if seconds is None else seconds * SECOND,
                by,
                acked=10 * SECOND if acked else None,
                service=draw(strategies.sampled_from("pqr")),
                urgency=draw(_urgencies),
            )
        )
    changes = [
        change(
            f"c{number}",
            MONDAY + draw(_days) * DAY + draw(_starts) * MINUTE,
            *draw(strategies.sets(strategies.sampled_from("pqr"), min_size=1)),
        )
        for number in range(draw(strategies.integers(0, 12)))
    ]
    return account(cases, changes)
