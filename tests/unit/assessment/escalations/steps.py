"""The steps of one escalation in short words, on a policy with two rotas and a boss."""

from app.assessment.cases.levels import Levels
from app.assessment.cases.logs import Logs
from app.assessment.cases.paths import Path
from app.assessment.cases.roster import Roster
from app.assessment.cases.timeline import timelines
from app.assessment.cases.walk import Paths
from app.assessment.rows import EscalationRule, Incident, LogEntry, ScheduleEntry
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
    rule,
    shift,
)

RULES = (rule(1, "rota1"), rule(2, "rota2"), rule(3, "boss"))
SHIFTS = (
    shift("rota1", MONDAY, MONDAY + DAY, "ann"),
    shift("rota2", MONDAY, MONDAY + WEEK, "bob"),
)
AT = MONDAY + 10 * HOUR


def walk(
    *log: LogEntry,
    found: Incident | None = None,
    rules: tuple[EscalationRule, ...] = RULES,
    shifts: tuple[ScheduleEntry, ...] = SHIFTS,
) -> Path:
    (timeline,) = timelines(Logs([found or incident("a", AT)], log, options().as_of))
    schedules = [pseudonym("rota1"), pseudonym("rota2")]
    return Paths(Levels(rules, Roster(schedules, shifts)), 5).of(timeline)


def trigger() -> list[LogEntry]:
    return [
        entry("a", "trigger", AT, agent="service", channel="api"),
        entry("a", "assign", AT, agent="service", channel="auto", to=["ann"]),
    ]


def timeout(minute: int, to: str, pair_after: int | None = 0) -> list[LogEntry]:
    at = AT + minute * MINUTE
    found = [entry("a", "escalate", at, agent="service", channel="timeout", to=[to])]
    if pair_after is not None:
        paired = at + pair_after * SECOND
        found.append(entry("a", "assign", paired, agent="service", channel="timeout", to=[to]))
    return found


def step(kind: str, minute: int, *to: str, agent: str = "user") -> LogEntry:
    channel = "website" if agent == "user" else "api"
    return entry("a", kind, AT + minute * MINUTE, agent=agent, channel=channel, to=to)
