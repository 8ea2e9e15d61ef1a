"""Incidents that come back, and time in which nobody has them."""

from collections.abc import Callable, Iterable
from operator import attrgetter

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.cases.columns import service_of
from app.assessment.figures import Value, count, durations, share, tally
from app.assessment.metric import Measure, duration_measures, metric
from app.assessment.metrics.incidents.acknowledgement import acked
from app.assessment.needs import LIFECYCLE
from app.assessment.options import MICROSECONDS
from app.assessment.scopes import Scope


def _reopened(case: Case) -> bool:
    shape = case.timeline.shape
    return shape.reopened or (case.open and shape.last_resolve is not None)


_resolved: Callable[[Case], bool] = attrgetter("resolved")


_lapsed: Callable[[Case], bool] = attrgetter("ownership.lapsed")


def _unowned_us(case: Case) -> int | None:
    return case.ownership.unowned_us if case.ownership.measured else None


def _owned_us(case: Case) -> int | None:
    return case.ownership.owned_us if case.ownership.measured else None


@metric(
    "INC-10",
    "Reopened",
    Measure("reopened_count", "Reopened incidents", "count", sample="rate"),
    Measure("reopen_rate", "Share reopened", "ratio"),
    levels="AV",
    sample="prop",
    source="our judgment: above 5 %; PagerDuty documents no log entry for a reopening",
    needs=LIFECYCLE,
)
def reopened(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents resolved twice or more, reopened by a log entry, or open again after a resolve; the
    share is of the resolved ones."""
    columns = account.columns
    hits = columns.count(_reopened, scope.places)
    ended = columns.where(_resolved, scope.places)
    again = columns.count(_reopened, ended)
    return tally("reopened_count", hits), share("reopen_rate", again, len(ended))


@metric(
    "INC-11",
    "Acknowledged, then dropped",
    Measure("ack_timeout_incidents", "Lost their acknowledgement", "count", sample="rate"),
    Measure("unacked_incidents", "Lost their acknowledgement, by cause", "count", sample="rate"),
    Measure("ack_timeout_rate", "Share that lost their acknowledgement", "ratio"),
    levels="ATV",
    sample="prop",
    chart="bar",
    source="PagerDuty's time-out is 1,800 s where nobody set one; our judgment: above 10 %",
    needs=(*LIFECYCLE, "services"),
)
def dropped(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents whose acknowledgement was withdrawn, by PagerDuty's timer or by a person.

    The end of a snooze is none: somebody chose it.
    The share is of the acknowledged incidents of services with an acknowledgement time-out: the
    others never lose one by time.
    """
    timed = {each.id for each in account.facts.services if each.acknowledgement_timeout_s}
    lapsed = account.columns.picked(_lapsed, scope.places)
    by_timeout = sum(case.ownership.lapsed_by_timeout > 0 for case in lapsed)
    by_human = sum(case.ownership.lapsed_by_human > 0 for case in lapsed)
    lost = len(lapsed)
    timed_lost = sum(case.acked and case.incident.service_id in timed for case in lapsed)
    acked_places = account.columns.where(acked, scope.places)
    acked_by = account.columns.words(service_of).counts(acked_places)
    timed_acked = sum(n for service, n in acked_by.items() if service in timed)
    yield tally("ack_timeout_incidents", lost)
    yield count("unacked_incidents", by_timeout, lost, "timeout")
    yield count("unacked_incidents", by_human, lost, "human")
    yield share("ack_timeout_rate", timed_lost, timed_acked)


@metric(
    "INC-12",
    "Unowned time",
    Measure("unowned_s_total", "Time nobody owned", "s"),
    Measure("owned_s_total", "Time somebody owned", "s"),
    Measure("unowned_share", "Share of open time that nobody owned", "ratio"),
    *duration_measures("unowned", "Unowned time of an incident", ("median", "p90")),
    levels="ATV",
    sample="dur",
    split="AT",
    chart="stacked bar",
    needs=LIFECYCLE,
)
def unowned(account: Account, scope: Scope) -> Iterable[Value]:
    """Time an incident was open and no person had acknowledged it, from creation to its end.

    The time from a resolve to a reopening is nobody's and does not count. A reopening is a later
    trigger or reopening in the log; if there is neither, the first acknowledgement, withdrawn
    acknowledgement, assignment or escalation after the resolve. It starts without an owner.
    A withdrawn acknowledgement starts it again, and so do an escalation, a repeat of the policy and
    a delegation; a snoozed incident is owned. Open incidents count up to the snapshot; those with
    contradictory times do not count.
    """
    free = account.columns.amounts(_unowned_us, scope.places)
    unowned_us = float(free.sum())
    owned_us = float(account.columns.amounts(_owned_us, scope.places).sum())
    n, all_us = len(free), unowned_us + owned_us
    yield Value("unowned_s_total", unowned_us / MICROSECONDS if n else None, n)
    yield Value("owned_s_total", owned_us / MICROSECONDS if n else None, n)
    yield Value("unowned_share", unowned_us / all_us if all_us else None, n)
    yield from durations("unowned", free, ("median", "p90"))
