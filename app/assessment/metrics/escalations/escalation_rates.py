"""How often incidents escalate, why, and what it costs."""

from collections import Counter
from collections.abc import Callable, Iterable
from operator import attrgetter

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.cases.columns import possible
from app.assessment.figures import Value, durations, share, tally
from app.assessment.hours import BANDS
from app.assessment.metric import Measure, metric
from app.assessment.needs import LIFECYCLE
from app.assessment.options import MICROSECONDS
from app.assessment.scopes import Scope


def can_escalate(case: Case) -> bool:
    """Low urgency does not escalate: nobody can miss its page."""
    return case.timeline.can_escalate


def _escalated(case: Case) -> bool:
    return bool(case.path.escalations)


def _missed(case: Case) -> bool:
    return case.path.missed_at is not None


def _missed_us(case: Case) -> int | None:
    at = case.path.missed_at
    return None if at is None else at - case.incident.created_at


_band: Callable[[Case], str] = attrgetter("band")


@metric(
    "ESC-02",
    "Escalation rate",
    Measure("escalation_rate", "Escalation rate", "ratio"),
    levels="ATVE",
    sample="prop",
    split="AT",
    chart="bar",
    source="PagerDuty total_escalation_count counts every escalation; our judgment: above 20 %",
    needs=LIFECYCLE,
    options=("pair_tolerance_s",),
)
def escalated(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents escalated at least once, by a time-out, a person or automation, of all that could.

    Those are the ones of high urgency at some time before their first acknowledgement by a person,
    and the ones that escalated all the same: PagerDuty escalates nothing of low urgency.
    An incident that started above level 1 because nobody was on call there was not escalated.
    """
    places = account.columns.where(can_escalate, scope.places)
    yield share("escalation_rate", account.columns.count(_escalated, places), len(places))


@metric(
    "ESC-03",
    "Missed pages",
    Measure("missed_page_rate", "Missed-page rate", "ratio"),
    Measure("missed_page_rate_by_band", "Missed-page rate by time of day", "ratio"),
    levels="ATEH",
    sample="prop",
    split="AT",
    chart="bar and heat map by time of day",
    source="PagerDuty's operational review guide defines escalation so; our judgment: above 10 and "
    "20 %",
    needs=LIFECYCLE,
    options=("bands", "pair_tolerance_s"),
)
def missed_pages(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents that escalated by time-out before anybody acknowledged them, of all that could
    escalate (ESC-02).

    Those never acknowledged are included. The time of day is that of the creation, in the
    account's time zone.
    """
    places = account.columns.where(can_escalate, scope.places)
    missed = account.columns.where(_missed, places)
    yield share("missed_page_rate", len(missed), len(places))
    if scope.level == "hour":
        return
    bands = account.columns.words(_band)
    of, late = bands.counts(places), bands.counts(missed)
    for band in BANDS:
        yield share("missed_page_rate_by_band", late.get(band, 0), of.get(band, 0), band)


@metric(
    "ESC-04",
    "Cause of escalation",
    Measure("escalations_timeout", "Escalations by time-out", "count"),
    Measure("escalations_manual", "Escalations by a person", "count"),
    Measure("escalations_automation", "Escalations by automation", "count"),
    levels="ATE",
    sample="rate",
    chart="stacked bar",
    source="PagerDuty distinguishes time-outs from manual escalations too; to escalate by hand is "
    "healthy (its incident response guide)",
    needs=LIFECYCLE,
    options=("pair_tolerance_s",),
)
def causes(account: Account, scope: Scope) -> Iterable[Value]:
    """Every escalation by its cause: nobody answered in time, a person, or automation."""
    escalated_cases = account.columns.picked(_escalated, scope.places)
    seen = Counter(cause for case in escalated_cases for cause in case.path.escalations)
    for cause in ("timeout", "manual", "automation"):
        yield tally(f"escalations_{cause}", seen[cause])


@metric(
    "ESC-11",
    "Delay from missed pages",
    Measure("missed_page_delay_total_s", "Delay from missed pages, in all", "s"),
    Measure("missed_page_delay_median_s", "Delay from missed pages, median", "s", "median"),
    levels="AE",
    sample="dur",
    chart="waterfall",
    needs=LIFECYCLE,
    options=("pair_tolerance_s",),
)
def missed_page_delay(account: Account, scope: Scope) -> Iterable[Value]:
    """From creation to the last escalation by time-out before the first acknowledgement.

    Of incidents with a missed page; the policy's own time-outs are the least it can be.
    """
    delays = possible(account.columns.numbers(_missed_us)[scope.places])
    n = len(delays)
    yield Value("missed_page_delay_total_s", float(delays.sum()) / MICROSECONDS if n else None, n)
    yield from durations("missed_page_delay", delays, ("median",))
