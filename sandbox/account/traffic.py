"""When incidents start: busy weekday afternoons, quiet nights, a few noisy services."""

from random import Random

from sandbox import instants
from sandbox.account.bursts import Arrival, bursts
from sandbox.account.model import Organisation
from sandbox.account.sizes import Size

_NIGHT_ENDS = 6
_DAY_ENDS = 19
_WEEKEND = 5


def _weight(at: int) -> float:
    moment = instants.to_datetime(at)
    hour = 0.5 if moment.hour < _NIGHT_ENDS else 1.6 if moment.hour < _DAY_ENDS else 0.9
    return hour * (0.55 if moment.weekday() >= _WEEKEND else 1.0)


def arrivals(organisation: Organisation, size: Size, as_of: int, rng: Random) -> list[Arrival]:
    """`size.incidents` within the last `size.days`, in order of time.

    Every twelfth instant carries microseconds, as PagerDuty's sometimes do.
    """
    found = bursts(organisation, size, as_of, rng)
    count = size.incidents - len(found)
    start = as_of - size.days * instants.DAY
    hours = range(size.days * 24)
    weights = [_weight(start + hour * instants.HOUR) for hour in hours]
    services = range(len(organisation.services))
    chosen_hours = rng.choices(hours, weights, k=count)
    chosen_services = rng.choices(services, [s.weight for s in organisation.services], k=count)
    for hour, service in zip(chosen_hours, chosen_services, strict=True):
        fraction = rng.randrange(instants.SECOND) if rng.random() < 1 / 12 else 0
        within = rng.randrange(3600) * instants.SECOND + fraction
        found.append(Arrival(start + hour * instants.HOUR + within, service))
    return sorted(found, key=lambda one: one[:2])
