"""The figures of a collection: requests, seconds and memory of real processes."""

from collections.abc import Callable, Iterable, Mapping

from benchmarks import pipeline
from benchmarks.company import Collected, Switches, collect, collect_in, product
from benchmarks.figures import Figure, at_most, progress
from benchmarks.floor import floor
from benchmarks.missing import missing
from benchmarks.official import read_all
from proof.installation.sandboxes import last_midnight

LIMIT = 960
"""Requests a minute (PagerDuty REST docs, Rate limits)."""
ONCALLS_LIMIT = 240
"""Its own limit is lower and in no document: a quarter, as the sandbox has it."""
LATENCY_MS = 100
_ROUNDS = 3
_FACTORS = (1, 2, 8)


def _run(switches: Switches) -> Collected:
    done = collect(switches)
    progress(
        f"{switches.size} x{switches.times}: {len(done.requests)} requests, {done.records} records "
        f"in {done.seconds:.1f} s; missing {missing(done)}; {done.growth.words()}"
    )
    return done


def under_the_limit() -> Iterable[Figure]:
    """Requests and seconds for a client's account, with PagerDuty's rate limits and latency."""
    done = _run(Switches(rate_limit=LIMIT, oncalls_limit=ONCALLS_LIMIT, latency_ms=LATENCY_MS))
    least, requests = floor(done.counts), len(done.requests)
    at_limit, at_speed = requests * 60 / LIMIT, done.records / pipeline.entries_per_second()
    progress(f"floor {least} requests; bounds {at_limit:.1f} s and {at_speed:.1f} s")
    bound = done.seconds / max(at_limit, at_speed)
    yield at_most("collection.requests_over_floor", requests / least, "ratio", 1.03)
    yield at_most("collection.wall_over_bound", bound, "ratio", 1.1)
    yield at_most("collection.rate_limited", done.limited, "answers", 0)
    yield at_most("collection.missing", missing(done), "records", 0)


def memory() -> Iterable[Figure]:
    """The memory of the worker, which must not grow with the account."""
    runs = [_run(Switches(size=size)) for size in ("huge", "quarter")]
    growth = max(run.growth.megabytes() for run in runs)
    whole = not any(missing(run) for run in runs)
    yield at_most("collection.worker_growth_mb", growth, "MB", 150, also=whole)


def beside_the_official_client() -> Iterable[Figure]:
    """Tacit and the official client: both against the same sandbox, one after the other."""
    end = last_midnight()
    with product(Switches(latency_ms=LATENCY_MS), end) as running:
        ours = collect_in(running, end)
        progress(f"tacit: {len(ours.requests)} requests, {ours.seconds:.1f} s")
        theirs = read_all(running, end)
    requests, seconds = len(ours.requests) / theirs.requests, ours.seconds / theirs.seconds
    yield at_most("collection.requests_vs_official_client", requests, "ratio", 1)
    yield at_most("collection.seconds_vs_official_client", seconds, "ratio", 1)


def growth() -> Iterable[Figure]:
    """The cost of a record in a larger account: best of three, interleaved."""
    rounds = [{n: _run(Switches(times=n)) for n in _FACTORS} for _ in range(_ROUNDS)]
    seconds = {n: min(run[n].seconds / run[n].records for run in rounds) for n in _FACTORS}
    requests = {n: min(len(run[n].requests) / run[n].records for run in rounds) for n in _FACTORS}
    dearer, more = _worst(seconds), _worst(requests)
    progress(f"a record costs {dearer:.2f} x the seconds and {more:.3f} x the requests")
    yield at_most("collection.growth", dearer, "ratio of seconds", 1.5, also=more <= 1.03)


def _worst(cost: Mapping[int, float]) -> float:
    return max(cost[n] for n in _FACTORS[1:]) / cost[1]


PARTS: dict[str, Callable[[], Iterable[Figure]]] = {
    "pipeline": pipeline.measure,
    "limit": under_the_limit,
    "memory": memory,
    "official": beside_the_official_client,
    "growth": growth,
}
