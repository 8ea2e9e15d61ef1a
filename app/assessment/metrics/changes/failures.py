"""Changes with an incident soon after, compared with chance."""

from collections import Counter
from collections.abc import Iterable, Sequence

from app.assessment.account import Account
from app.assessment.changes import Change, Services
from app.assessment.figures import Value, count, rate, share
from app.assessment.metric import Measure, metric
from app.assessment.metrics.changes.frequency import changes_in, services_in
from app.assessment.needs import CHANGE_OPTIONS, LIFECYCLE
from app.assessment.options import MICROSECONDS
from app.assessment.scopes import Scope

WINDOWS_S = (1_800, 3_600, 14_400, 86_400)
"""Our judgment: the rate depends on how long a change is suspected, so four are shown."""


@metric(
    "DOR-02",
    "Change failure rate (proxy)",
    Measure("change_failure_rate", "Changes followed by an incident", "ratio"),
    Measure(
        "change_failure_rate_within", "The same, within so many seconds", "ratio", keys="seconds"
    ),
    Measure("eligible_changes", "Changes whose aftermath is known", "count"),
    Measure("failed_change_count", "Changes followed by an incident", "count"),
    levels="ATV",
    sample="prop",
    chart="curve over the time after a change",
    source="DORA 2023 and 2024",
    needs=(*LIFECYCLE, "change_events"),
    options=CHANGE_OPTIONS,
)
def change_failure_rate(account: Account, scope: Scope) -> Iterable[Value]:
    """Changes that an incident is blamed on, over the changes whose aftermath is known.

    An incident is blamed on the latest change of its service at or before its start, if that is at
    most 60 minutes earlier; low urgency and transient incidents blame none. A change counts once,
    and only if the 60 minutes after it end by the snapshot. Also for 30 minutes, 4 and 24 hours.
    """
    changes = changes_in(account, scope)
    failed, eligible = _failures(account, scope, changes, account.options.attribution_window_s)
    yield share("change_failure_rate", failed, eligible)
    yield count("eligible_changes", eligible, len(changes))
    yield count("failed_change_count", failed, eligible)
    for seconds in WINDOWS_S:
        found = _failures(account, scope, changes, seconds)
        yield share("change_failure_rate_within", *found, str(seconds))


@metric(
    "DOR-03",
    "Incidents per change (proxy)",
    Measure(
        "incidents_per_change", "Incidents blamed on changes, per change", "ratio", ratio="index"
    ),
    levels="AV",
    sample="rate",
    source="Apache DevLake shows this as its change failure rate",
    needs=(*LIFECYCLE, "change_events"),
    options=CHANGE_OPTIONS,
)
def incidents_per_change(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents blamed on changes (DOR-02), per change whose aftermath is known; may exceed 1."""
    window_us = account.options.attribution_window_s * MICROSECONDS
    failed = account.changes.failed(services_in(scope), window_us)
    eligible = account.changes.eligible(changes_in(account, scope), window_us)
    return (rate("incidents_per_change", sum(map(len, failed.values())), len(eligible)),)


@metric(
    "DOR-05",
    "Change failures by chance (proxy)",
    Measure("chance_rate", "Failure rate that chance would show", "ratio", sample="exact"),
    Measure("change_failure_excess", "Failure rate beyond chance", "ratio", ratio="difference"),
    levels="AV",
    sample="prop",
    chart="paired dots",
    needs=(*LIFECYCLE, "change_events"),
    options=CHANGE_OPTIONS,
)
def chance_rate(account: Account, scope: Scope) -> Iterable[Value]:
    """How many changes at random moments would be followed by an incident of their services.

    Of a service: the share of the window from which an incident that could blame a change starts
    within 60 minutes. Of the account: its mean over the changes of DOR-02, each with its own
    services. The excess is DOR-02 minus that.
    """
    window_s = account.options.attribution_window_s
    failed, eligible = _failures(account, scope, changes_in(account, scope), window_s)
    chance = chance_of(account, scope, window_s)
    observed = share("change_failure_excess", failed, eligible)
    yield Value("chance_rate", chance, account.changes.qualifying(_services(account, scope)))
    if chance is None or observed.value is None or observed.interval is None:
        yield Value("change_failure_excess", None, eligible)
    else:
        low, high = observed.interval
        yield Value(
            "change_failure_excess",
            observed.value - chance,
            eligible,
            (low - chance, high - chance),
        )


def chance_of(account: Account, scope: Scope, window_s: int) -> float | None:
    """Chance of a service, or mean chance of the eligible changes; None without such."""
    window_us = window_s * MICROSECONDS
    if scope.level == "service":
        return account.changes.chance(scope.services, window_us)
    eligible = account.changes.eligible(changes_in(account, scope), window_us)
    kinds = Counter(change.services for change in eligible)
    hits = sum(account.changes.chance(kind, window_us) * n for kind, n in kinds.items())
    return hits / len(eligible) if eligible else None


def _services(account: Account, scope: Scope) -> Services:
    """Services of a scope that a change was made to."""
    changed = frozenset[bytes]().union(*(each.services for each in changes_in(account, scope)))
    return scope.services if scope.level == "service" else changed


def _failures(
    account: Account, scope: Scope, changes: Sequence[Change], window_s: int
) -> tuple[int, int]:
    """Failed changes, and the eligible ones among ``changes``."""
    window_us = window_s * MICROSECONDS
    eligible = account.changes.eligible(changes, window_us)
    return len(account.changes.failed(services_in(scope), window_us)), len(eligible)
