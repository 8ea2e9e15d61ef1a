"""When incidents start: busy weekday afternoons, quiet nights, a few noisy services."""

from random import Random

from sandbox import instants
from sandbox.account.model import Organisation

_NIGHT_ENDS = 6
_DAY_ENDS = 19
_WEEKEND = 5


def _weight(at: int) -> float:
    moment = instants.to_datetime(at)
    hour = 0.5 if moment.hour < _NIGHT_ENDS else 1.6 if moment.hour < _DAY_ENDS else 0.9
    return hour * (0.55 if moment.weekday() >= _WEEKEND else 1.0)


def arrivals(
    organisation: Organisation, count: int, days: int, as_of: int, rng: Random
) -> list[tuple[int, int]]:
    """`count` pairs (created, service position) within the last `days`, in order of time.

    Every twelfth instant carries microseconds, as PagerDuty's sometimes do.
    """
    start = as_of - days * instants.DAY
    hours = range(days * 24)
    weights = [_weight(start + hour * instants.HOUR) for hour in hours]
    services = range(len(organisation.services))
    chosen_hours = rng.choices(hours, weights, k=count)
    chosen_services = rng.choices(services, [s.weight for s in organisation.services], k=count)
    pairs = []
    for hour, service in zip(chosen_hours, chosen_services, strict=True):
        fraction = rng.randrange(instants.SECOND) if rng.random() < 1 / 12 else 0
        within = rng.randrange(3600) * instants.SECOND + fraction
        pairs.append((start + hour * instants.HOUR + within, service))
    return sorted(pairs)
