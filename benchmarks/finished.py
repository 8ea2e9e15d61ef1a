"""How long a deletion takes in all: from its promise to its receipt, on real processes."""

from collections.abc import Iterable, Iterator

import numpy as np
from sqlalchemy import select

from app.database.engine import Database
from app.models import Purge
from benchmarks.figures import Figure, at_most, progress
from proof.installation.consultant import Consultant
from proof.observed import observed_installation

_SETTINGS = {
    "SANDBOX_SIZE": "small",
    "SANDBOX_RATE_LIMIT": "900000",
    "SANDBOX_ONCALLS_LIMIT": "900000",
}
_CLIENTS = 20
_GOAL = 60.0
"""Seconds; the promise is 24 hours."""


def finished() -> Iterable[Figure]:
    """One client after the other connects, is assessed and leaves, on either database."""
    for kind in ("sqlite", "postgres"):
        yield from _of(kind)


def _of(kind: str) -> Iterator[Figure]:
    with observed_installation(_SETTINGS, postgres=kind == "postgres") as place:
        person = Consultant(place.product).logs_in().opens_engagement()
        for _ in range(_CLIENTS):
            person.connects()
            person.waits_for_assessment()
            person.disconnects()
            person.waits_for_card("Deleted")
        took = _seconds(place.product.database_url)
    progress(f"{kind}: {', '.join(f'{one:.2f}' for one in sorted(took))}")
    percentiles = {"p50": np.quantile(took, 0.5), "p95": np.quantile(took, 0.95), "max": max(took)}
    for name, value in percentiles.items():
        whole = len(took) == _CLIENTS
        yield at_most(f"purge.finished_{kind}_{name}_s", float(value), "s", _GOAL, also=whole)


def _seconds(url: str) -> list[float]:
    database = Database()
    database.bind(url)
    try:
        with database.read() as session:
            purges = session.scalars(select(Purge).where(Purge.state == "done")).all()
            ends = [(one.requested_at, one.finished_at) for one in purges]
    finally:
        database.engine.dispose()
    return [(end - start).total_seconds() for start, end in ends if end is not None]
