"""Flapping services and storms."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.bursts import flaps, starts_of, storms_at
from app.assessment.figures import Value, rate, share, tally
from app.assessment.hours import DAY_US
from app.assessment.metric import Measure, metric
from app.assessment.needs import LIFECYCLE, STORM_OPTIONS
from app.assessment.scopes import Scope
from app.assessment.spans import clip, total, union

MONTH_US = 30 * DAY_US


@metric(
    "NOI-05",
    "Flapping",
    Measure("flap_episode_count", "Flapping episodes", "count"),
    Measure("flap_episodes_per_month", "Flapping episodes per 30 days", "per month"),
    Measure("flap_share", "Incidents of flapping episodes", "ratio", sample="prop"),
    levels="AV",
    sample="rate",
    chart="timeline",
    source="the repeated change of state of ISA-18.2 and Nagios; its numbers are our judgment",
    needs=LIFECYCLE,
    options=("flap_gap_s", "flap_min_incidents"),
)
def flapping(account: Account, scope: Scope) -> Iterable[Value]:
    """Episodes of three or more incidents of one service, each soon after the one before.

    Soon: 0 to 900 seconds after the one before was resolved by automation. Another service's
    incident never continues an episode. The share is of all incidents.
    """
    found = flaps(account.columns, scope.places, account.options)
    yield tally("flap_episode_count", len(found))
    yield rate("flap_episodes_per_month", len(found), scope.length_us / MONTH_US)
    yield share("flap_share", sum(map(len, found)), len(scope.places))


@metric(
    "NOI-06",
    "Storms",
    Measure("storm_count", "Storms", "count"),
    Measure("storms_per_month", "Storms per 30 days", "per month"),
    Measure("storm_share", "Incidents inside storms", "ratio", sample="prop"),
    Measure("storm_time_share", "Share of time inside storms", "ratio", sample="exact"),
    levels="AE",
    sample="rate",
    chart="timeline",
    source="ISA-18.2 and EEMUA 191: ten alarms in ten minutes are a flood",
    needs=("incidents",),
    uses=("log_entries",),
    options=STORM_OPTIONS,
)
def storms(account: Account, scope: Scope) -> Iterable[Value]:
    """Ten or more incidents that start within 600 seconds of one of them; overlaps are one storm.

    One that is reopened starts again, and counts once. The window and the number are options. A
    storm lasts from its first start to the end of its last window. Shares are of all incidents and
    of the time of the window; those of a policy count its own incidents alone.
    """
    starts = starts_of(account.columns, scope.places, account.options)
    found = storms_at(starts, account.options)
    stretches = union(clip(((s.start, s.end) for s in found), scope.since, scope.until))
    yield tally("storm_count", len(found))
    yield rate("storms_per_month", len(found), scope.length_us / MONTH_US)
    yield share("storm_share", len(starts.within(found)), len(scope.places))
    yield Value("storm_time_share", total(stretches) / scope.length_us, len(found))
