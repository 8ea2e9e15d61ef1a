"""Which level acknowledges, and what nobody acknowledges."""

from collections.abc import Callable, Iterable
from operator import attrgetter

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.cases.columns import Places
from app.assessment.cases.paths import Ending
from app.assessment.figures import Value, count, share
from app.assessment.metric import Measure, metric
from app.assessment.metrics.escalations.escalation_rates import can_escalate
from app.assessment.needs import LIFECYCLE, REACH
from app.assessment.scopes import Scope

_ENDINGS: tuple[Ending, ...] = ("auto_resolved", "user_resolved", "open")


_ack_level: Callable[[Case], str | None] = attrgetter("path.ack_level")


def _unacked_ending(case: Case) -> str | None:
    return case.path.ending if case.path.acked_after is None else None


def _repeated(case: Case) -> bool:
    return case.path.repeats > 0


_exhausted: Callable[[Case], bool] = attrgetter("path.exhausted")


@metric(
    "ESC-05",
    "Acknowledged by level",
    Measure("ack_by_level", "Acknowledged by level", "count", sample="rate"),
    Measure("ack_by_level_rate", "Share acknowledged by level", "ratio"),
    Measure("l1_ack_rate", "Share acknowledged on level 1, of those that could escalate", "ratio"),
    levels="ATE",
    sample="prop",
    split="AT",
    chart="100 % bar",
    source="our judgment: level 1 answers 80 % or more",
    needs=(*LIFECYCLE, *REACH),
    options=("pair_tolerance_s",),
)
def ack_by_level(account: Account, scope: Scope) -> Iterable[Value]:
    """The level of the policy an incident stood on at its first acknowledgement by a person.

    Direct means assigned outside the levels; unknown means that only the incident itself shows the
    acknowledgement. Shares are of the acknowledged; one of level 1 is of those that could escalate
    (ESC-02), because an incident of low urgency waits on level 1 for as long as it takes.
    """
    levels = levels_at_ack(account, scope.places)
    acked = sum(number for _, number in levels)
    for level, number in levels:
        yield count("ack_by_level", number, acked, level)
    if acked and all(level != "L1" for level, _ in levels):
        yield share("ack_by_level_rate", 0, acked, "L1")
    for level, number in levels:
        yield share("ack_by_level_rate", number, acked, level)
    urgent = levels_at_ack(account, account.columns.where(can_escalate, scope.places))
    on_first = sum(number for level, number in urgent if level == "L1")
    yield share("l1_ack_rate", on_first, sum(number for _, number in urgent))


def levels_at_ack(account: Account, places: Places) -> list[tuple[str, int]]:
    """Level at the first human ack and how often: levels in order, then words."""
    found = account.columns.words(_ack_level).counts(places).items()
    return sorted(found, key=lambda item: (not item[0].startswith("L"), len(item[0]), item[0]))


@metric(
    "ESC-09",
    "Repeated and exhausted",
    Measure("repeat_count", "Incidents whose policy repeated", "count", sample="rate"),
    Measure("repeat_rate", "Share whose policy repeated", "ratio"),
    Measure(
        "exhausted_incidents", "Incidents that nobody answered at any level", "count", sample="rate"
    ),
    Measure("exhausted_rate", "Share that nobody answered at any level", "ratio"),
    Measure(
        "exhausted_major_incidents",
        "Major incidents that nobody answered at any level",
        "count",
        sample="rate",
        needs=("priorities",),
    ),
    levels="AE",
    sample="prop",
    split="A",
    chart="list by policy",
    source="our judgment: any of high urgency is a finding",
    needs=LIFECYCLE,
    options=("pair_tolerance_s",),
)
def exhausted(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents whose policy started again, and incidents whose policy came to its end.

    The end is what PagerDuty logs when the last level did not answer, or when it stops
    triggering. A policy without repeats never starts again.
    """
    n = len(scope.places)
    repeated = account.columns.count(_repeated, scope.places)
    spent = account.columns.picked(_exhausted, scope.places)
    yield count("repeat_count", repeated, n)
    yield share("repeat_rate", repeated, n)
    yield count("exhausted_incidents", len(spent), n)
    yield share("exhausted_rate", len(spent), n)
    known = bool(account.facts.priorities)
    majors = sum(case.major for case in spent)
    yield Value("exhausted_major_incidents", majors if known else None, len(spent))


@metric(
    "ESC-10",
    "Never acknowledged",
    Measure("never_acked", "Never acknowledged, by outcome", "count", sample="rate"),
    Measure("never_acked_rate", "Never acknowledged", "ratio"),
    Measure("unseen_rate", "Open or healed without an acknowledgement", "ratio"),
    levels="ATVE",
    sample="prop",
    split="AT",
    chart="stacked bar",
    source="PagerDuty's State of Digital Operations 2021 expects an answer within 4 hours",
    needs=LIFECYCLE,
    options=("pair_tolerance_s",),
)
def never_acknowledged(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents that ended, or are still open, without an acknowledgement by a person, of all.

    One that a person resolved was answered all the same: apart are those that are open or resolved
    themselves.
    """
    endings = account.columns.words(_unacked_ending).counts(scope.places)
    n, total = len(scope.places), sum(endings.values())
    yield count("never_acked", total, n, "total")
    for ending in (*_ENDINGS, *(each for each in endings if each not in _ENDINGS)):
        yield count("never_acked", endings.get(ending, 0), n, ending)
    yield share("never_acked_rate", total, n)
    yield share("unseen_rate", endings.get("open", 0) + endings.get("auto_resolved", 0), n)
