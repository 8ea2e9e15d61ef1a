"""Incidents that come together: storms over dependent services, flapping, one dense burst."""

from random import Random
from typing import NamedTuple

from sandbox import instants
from sandbox.account.dependencies import neighbours
from sandbox.account.model import Organisation
from sandbox.account.sizes import Size

STORM_SPAN = 9 * instants.MINUTE
BURST_SPAN = 6 * instants.SECOND
_INCIDENTS_A_STORM = 3_000
_INCIDENTS_A_FLAPPING = 800


class Arrival(NamedTuple):
    """`clears` is after how many microseconds the fault heals itself, unseen; None otherwise."""

    created: int
    service: int
    clears: int | None = None


def bursts(made: Organisation, size: Size, as_of: int, rng: Random) -> list[Arrival]:
    """At least one storm and one flapping service in any account, more in a busier one."""
    found: list[Arrival] = []
    for _ in range(max(1, size.incidents // _INCIDENTS_A_STORM)):
        found += _storm(made, _some_time(size, as_of, rng), rng)
    for _ in range(max(1, size.incidents // _INCIDENTS_A_FLAPPING)):
        found += _flapping(_live(made, rng), _some_time(size, as_of, rng), rng)
    start = _some_time(size, as_of, rng)
    for _ in range(size.burst):
        created = start + rng.randrange(BURST_SPAN)
        found.append(Arrival(created, _live(made, rng), _few_minutes(rng)))
    return found


def _some_time(size: Size, as_of: int, rng: Random) -> int:
    """Whole seconds, at least a day before the end."""
    return as_of - rng.randrange(86_400, size.days * 86_400) * instants.SECOND


def _live(made: Organisation, rng: Random) -> int:
    return rng.choice([n for n, one in enumerate(made.services) if not one.deleted])


def _few_minutes(rng: Random) -> int:
    """Less than the shortest escalation delay."""
    return rng.randrange(40, 240) * instants.SECOND


def _storm(made: Organisation, start: int, rng: Random) -> list[Arrival]:
    """Ten to eighteen incidents within nine minutes, the first at the root of the trouble."""
    root = _live(made, rng)
    struck = [n for n in neighbours(made.dependencies, root) if not made.services[n].deleted]
    later = [
        Arrival(start + rng.randrange(STORM_SPAN), rng.choice(struck))
        for _ in range(rng.randint(10, 17))
    ]
    return [Arrival(start, root), *later]


def _flapping(service: int, start: int, rng: Random) -> list[Arrival]:
    """Three to six incidents, each within 15 minutes of the end of the one before."""
    found = []
    for _ in range(rng.randint(3, 6)):
        clears = _few_minutes(rng)
        found.append(Arrival(start, service, clears))
        start += clears + rng.randrange(30, 840) * instants.SECOND
    return found
