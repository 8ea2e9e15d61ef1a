"""How long incidents last."""

from collections.abc import Callable, Iterable
from operator import attrgetter

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.cases.columns import Numbers, Places, possible
from app.assessment.figures import Statistic, Value, durations
from app.assessment.metric import Measure, duration_measures, metric
from app.assessment.needs import LIFECYCLE
from app.assessment.options import MICROSECONDS
from app.assessment.scopes import Scope
from app.assessment.statistics import Survival, kaplan_meier

_STATISTICS: tuple[Statistic, ...] = ("mean", "median", "p90")


ttr: Callable[[Case], int | None] = attrgetter("ttr")


def recovery(case: Case) -> int | None:
    """How long it was open until its last resolve; None while it is open."""
    return None if case.ttr is None else case.open_us


def _followed(case: Case) -> int | None:
    """How long it was open, or has been."""
    return case.open_us if case.ttr is not None or not case.resolved else None


_resolved: Callable[[Case], bool] = attrgetter("resolved")


_transient: Callable[[Case], bool] = attrgetter("handling.transient")


_for_dora: Callable[[Case], bool] = attrgetter("counts_for_dora")


def dora_places(account: Account, scope: Scope) -> Places:
    """Population H of a scope."""
    return account.columns.where(_for_dora, scope.places)


def resolve_times(account: Account, places: Places) -> Numbers:
    """Times to resolve in microseconds; impossible ones left out (C5)."""
    return possible(account.columns.numbers(ttr)[places])


def recovery_times(account: Account, places: Places) -> Numbers:
    """Open time of resolved incidents in microseconds; impossible ones left out (C5)."""
    return possible(account.columns.numbers(recovery)[places])


def recovery_curve(account: Account, scope: Scope) -> Survival:
    """Share of population H still open by seconds of open time.

    Open incidents are censored at the snapshot, those of unknown status at their last log entry;
    impossible times are left out (C5).
    """
    places = dora_places(account, scope)
    times = account.columns.numbers(_followed)[places]
    known = times >= 0
    ended = account.columns.flags(_resolved)[places]
    return kaplan_meier(times[known] / MICROSECONDS, ended[known])


@metric(
    "INC-07",
    "Time to resolve",
    *duration_measures("ttr_all", "Time to resolve", _STATISTICS),
    Measure(
        "ttr_median_without_transient_s",
        "Time to resolve without transient incidents, median",
        "s",
        "median",
    ),
    levels="ATV",
    sample="dur",
    split="AT",
    chart="cumulative curve on a logarithmic axis",
    source="the mean is what most tools call MTTR; Davidovic, Incident Metrics in SRE, on why the "
    "median says more",
    needs=("incidents",),
    uses=("log_entries",),
    options=("transient_s",),
)
def time_to_resolve(account: Account, scope: Scope) -> Iterable[Value]:
    """From creation to resolution, of resolved incidents; after a reopening the last resolution
    counts.

    Open incidents are left out, so it is too short: read it together with the recovery time that
    includes them. A second median leaves transient incidents out, because more of those shorten the
    time although nobody works faster.
    """
    yield from durations("ttr_all", resolve_times(account, scope.places), _STATISTICS)
    lasting = scope.places[~account.columns.flags(_transient)[scope.places]]
    (median,) = durations("ttr", resolve_times(account, lasting), ("median",))
    yield Value("ttr_median_without_transient_s", median.value, median.n, median.interval)


@metric(
    "INC-08",
    "Recovery time, DORA scope",
    *duration_measures("ttr_dora", "Recovery time", _STATISTICS),
    levels="ATVW",
    sample="dur",
    chart="cumulative curve with lines at an hour and a day",
    source="DORA 2023 and 2024: an hour and a day part the best from the rest",
    needs=LIFECYCLE,
    options=("excluded_urgencies",),
)
def recovery_time(account: Account, scope: Scope) -> Iterable[Value]:
    """Time that incidents whose urgency is not excluded were open until their last resolution; low
    urgency is excluded by default. The time from a resolve to a reopening does not count."""
    times = recovery_times(account, dora_places(account, scope))
    return durations("ttr_dora", times, _STATISTICS)


@metric(
    "INC-09",
    "Recovery with open incidents",
    Measure("km_median_s", "Recovery time with open incidents, median", "s", "median"),
    Measure("rmst_s", "Mean time open within the horizon", "s"),
    Measure("rmst_horizon_s", "Horizon of that mean", "s", sample="exact"),
    levels="ATV",
    sample="dur",
    chart="survival curve",
    source="Kaplan and Meier 1958; restricted mean: Royston and Parmar 2013, with Greenwood's "
    "variance",
    needs=LIFECYCLE,
    options=("excluded_urgencies", "rmst_tau_s"),
    minimum=10,
)
def censored_recovery(account: Account, scope: Scope) -> Iterable[Value]:
    """Recovery time of the DORA scope in which open incidents count for the time they were
    observed, those of unknown status up to their last log entry.

    The median is the first time at which at most half are still open; none where more than half
    stay open. The restricted mean is the time an incident is open on average during its first day,
    or another horizon set in the options, at most the longest time that was observed.
    """
    curve = recovery_curve(account, scope)
    tau = account.options.rmst_tau_s
    yield Value("km_median_s", curve.median, curve.n, curve.median_interval())
    yield Value("rmst_s", curve.rmst(tau), curve.n, curve.rmst_interval(tau))
    yield Value("rmst_horizon_s", curve.horizon(tau) if curve.n else None, curve.n)
