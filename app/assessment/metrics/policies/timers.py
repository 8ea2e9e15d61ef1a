"""Time-outs and loops of policies, timers of services (POL-05, POL-06, POL-09)."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from app.assessment.account import Account
from app.assessment.cases.columns import possible, service_of
from app.assessment.display import DURATION_MIN
from app.assessment.figures import Value
from app.assessment.metric import Measure, metric
from app.assessment.metrics.incidents.recovery import ttr
from app.assessment.metrics.policies.check_values import fact, failing_policies, part, policies_of
from app.assessment.needs import LIFECYCLE, POLICIES
from app.assessment.options import MICROSECONDS
from app.assessment.rows import Service
from app.assessment.scopes import Scope
from app.assessment.statistics import percentile


@metric(
    "POL-05",
    "Time-outs",
    Measure("shortest_timeout_min", "Shortest time-out", "min"),
    Measure("longest_timeout_min", "Longest time-out", "min"),
    Measure("short_timeouts", "Policies with a short time-out", "count"),
    Measure("long_timeouts", "Policies with a long time-out", "count"),
    Measure(
        "long_timeouts_urgent", "With high-urgency services behind", "count", needs=("services",)
    ),
    levels="AEV",
    chart="dot plot",
    source="PagerDuty's incident response guide sets 5 min, its default is 30; bounds our judgment",
    needs=POLICIES,
    options=("short_timeout_min", "long_timeout_min"),
)
def timeouts(account: Account, scope: Scope) -> Iterable[Value]:
    """Escalation time-outs in minutes that have an effect: the last level's counts only where the
    policy repeats.

    Short is below 3 min and long above 15 by default. A policy with low-urgency services only may
    take longer: those with a high-urgency service are counted separately.
    """
    if scope.level != "account":
        for policy in policies_of(account, scope):
            minutes = policy.timeouts.values()
            yield fact("shortest_timeout_min", min(minutes, default=None), len(minutes))
            yield fact("longest_timeout_min", max(minutes, default=None), len(minutes))
    yield from failing_policies(
        account, scope, "short_timeouts", "long_timeouts", "long_timeouts_urgent"
    )


@metric(
    "POL-06",
    "Loops",
    Measure("loops", "Repeats", "count"),
    Measure("no_repeat", "Policies that never repeat", "count"),
    Measure("minutes_to_exhaust", "Minutes to the end of the policy", "min"),
    levels="AE",
    chart="bar",
    needs=POLICIES,
)
def loops(account: Account, scope: Scope) -> Iterable[Value]:
    """How often a policy starts over, and how long until it has nobody left to notify: the sum of
    its time-outs, once and again for each repeat."""
    if scope.level == "policy":
        for policy in policies_of(account, scope):
            yield fact("loops", policy.loops)
            yield fact("minutes_to_exhaust", policy.minutes_to_exhaust)
    yield from failing_policies(account, scope, "no_repeat")


@metric(
    "POL-09",
    "Service timers",
    Measure("ack_timeout_off", "Services without acknowledgement time-out", "count"),
    Measure(
        "ack_timeout_off_share", "Services without an acknowledgement time-out, share", "ratio"
    ),
    Measure("auto_resolve_off", "Services without auto-resolve", "count"),
    Measure("auto_resolve_off_share", "Services without an auto-resolve time-out, share", "ratio"),
    Measure(
        "auto_resolve_too_short",
        "Services resolved before half their incidents are",
        "count",
        needs=LIFECYCLE,
    ),
    levels="ATV",
    chart="table",
    source="PagerDuty's defaults: acknowledgement 1,800 s, auto-resolve 14,400 s",
    needs=("services",),
)
def service_timers(account: Account, scope: Scope) -> Iterable[Value]:
    """Active services whose acknowledgement never times out, that never resolve by themselves, or
    that do so sooner than the median time to resolve of their own incidents.

    The last is counted only for services with five resolved incidents or more; no value or 0 means
    off.
    """
    services = account.policies.services_within(scope.services)
    n = len(services)
    for name, off in (
        ("ack_timeout_off", sum(not each.acknowledgement_timeout_s for each in services)),
        ("auto_resolve_off", sum(not each.auto_resolve_timeout_s for each in services)),
    ):
        yield fact(name, off if n else None, n)
        if scope.level != "service":
            yield part(f"{name}_share", off, n)
    judged = list(_sooner_than_usual(account, services, scope))
    yield fact("auto_resolve_too_short", sum(judged) if judged else None, len(judged))


def _sooner_than_usual(
    account: Account, services: Sequence[Service], scope: Scope
) -> Iterator[bool]:
    times = account.columns.numbers(ttr)[scope.places]
    known, codes = account.columns.words(service_of)
    of = codes[scope.places]
    code = {service: at for at, service in enumerate(known)}
    for each in services:
        if each.auto_resolve_timeout_s and each.id in code:
            taken = possible(times[of == code[each.id]])
            if len(taken) >= DURATION_MIN:
                yield each.auto_resolve_timeout_s * MICROSECONDS < percentile(np.sort(taken), 0.5)
