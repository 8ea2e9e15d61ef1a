"""How many people share the duty (ONC-12, ONC-14)."""

from collections import Counter
from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.duty.acks import first_acks
from app.assessment.duty.crews import Crew
from app.assessment.duty.rota import Schedules
from app.assessment.figures import Value
from app.assessment.metric import Measure, metric
from app.assessment.metrics.oncall.people import crew_of, first_of, over
from app.assessment.needs import DUTY, LIFECYCLE, REACH, ZONES
from app.assessment.scopes import Scope
from app.assessment.statistics import bus_factor

SITE_PEOPLE = 2
"""People in one time zone before it is a site: one alone is somebody who moved."""


@metric(
    "ONC-12",
    "Rotation size, bus factor",
    Measure("rotation_size", "People with an hour or more on level 1", "count"),
    Measure("distinct_people", "People on call on any level", "count"),
    Measure("rotation_sites", "Time zones with two or more of the rotation", "sites", privacy="P1"),
    Measure("rotation_smallest_site", "People of the smallest of them", "count", privacy="P1"),
    Measure("bus_factor_hours", "Fewest people with half of the hours", "count"),
    Measure(
        "bus_factor_acks",
        "Fewest people with half of the acknowledgements",
        "count",
        needs=LIFECYCLE,
    ),
    levels="ASTE",
    chart="dot plot",
    source="Google SRE book, chapter 11: eight people at one site, six at each of two",
    needs=REACH,
    uses=("oncalls", *ZONES),
)
def rotation(account: Account, scope: Scope) -> Iterable[Value]:
    """People with at least one hour on a schedule of level 1, and on call on any level at all.

    Bus factor: the fewest people who together have at least half of the level-1 hours, and who
    together gave at least half of the first acknowledgements of incidents. Direct users of a
    level are on call but in no rotation. A time zone is a site from two people on. Unknown where
    a schedule was not collected.
    """
    schedules = first_of(account, scope)
    crew = account.crews.of(schedules)
    rotating = {person: on_call for person, on_call in crew.active.items() if on_call >= 1}
    zones = map(account.zones.of_person, rotating)
    sites = Counter(zone for zone in zones if zone is not None)
    sizes = [size for size in sites.values() if size >= SITE_PEOPLE]
    acks = first_acks(account.columns, scope.places).values()
    hours = list(crew.active.values())
    return (
        _people("rotation_size", len(rotating), bool(schedules) and _known(account, schedules)),
        _people("distinct_people", _distinct(account, scope), _known(account, scope.schedules)),
        over("rotation_sites", len(sizes), rotating),
        over("rotation_smallest_site", min(sizes, default=None), rotating),
        Value("bus_factor_hours", bus_factor(hours), len(hours)),
        Value("bus_factor_acks", bus_factor(list(acks)), sum(acks)),
    )


def _people(measure: str, number: int, known: bool) -> Value:
    return Value(measure, number if known else None, number)


def _known(account: Account, schedules: Schedules) -> bool:
    return schedules <= account.rota.known


def _distinct(account: Account, scope: Scope) -> int:
    return len(set(crew_of(account, scope).active) | account.rota.direct(scope.policies))


@metric(
    "ONC-14",
    "Idle members",
    Measure("idle_members", "People on the roster without a shift", "count", privacy="P1"),
    levels="AS",
    source="PagerDuty, Going On-call: watch equal participation",
    needs=DUTY,
)
def idle_members(account: Account, scope: Scope) -> Iterable[Value]:
    """People whom a schedule lists and who have no hour in the window: new, leaving, forgotten."""
    crew: Crew = crew_of(account, scope)
    return (over("idle_members", len(crew.idle), crew.hours),)
