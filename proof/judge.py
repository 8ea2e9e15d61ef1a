"""What a search found, against what was planted: leaks, and controls that were missed."""

import hashlib
import multiprocessing
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace

from proof.controls import Controls
from proof.registry import Registry
from proof.search.markers import WEAK, WEAK_LEAST, Markers
from proof.search.scanner import Hit, Scanner
from proof.sinks import Piece

_CORES = os.cpu_count() or 1
_BATCH = 4 << 20
_PART = 1 << 20
"""Large files in parts: those that are the same at the next stop are searched once."""
_OVERLAP = 1 << 15
_Searched = tuple[str, str, int, set[Hit]]
"""Sink, name, size and hits of a piece."""
_OVERHEAD = 2_000
"""What a piece costs by itself, in bytes."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A marker where none may be."""

    sink: str
    name: str
    what: str
    way: tuple[str, ...]
    origin: str
    token: str


@dataclass(slots=True)
class Verdict:
    """One search: what it read, what it found."""

    bytes: int = 0
    sinks: set[str] = field(default_factory=set)
    leaks: set[Leak] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    """The planted markers that were found."""
    controls: int = 0
    found: int = 0
    missed: set[tuple[str, str]] = field(default_factory=set)
    """(sink, form) of controls that were not found: the search is void."""


def judge(pieces: Iterable[Piece], registry: Registry, controls: Controls) -> Verdict:
    """Search every piece, each content once a sink, on every core."""
    markers = registry.markers(one.token for one in controls.planted)
    ours = {one.token for one in controls.planted}
    verdict = Verdict()
    found: set[tuple[str, str]] = set()
    weak: dict[tuple[str, str], set[Leak]] = defaultdict(set)
    for sink, name, size, hits in _searched(pieces, markers):
        verdict.bytes += size
        verdict.sinks.add(sink)
        found |= {(sink, hit.token) for hit in hits}
        for hit in hits:
            if hit.token not in ours:
                origin = registry.origins.get(hit.token, "unknown")
                leak = Leak(
                    sink=sink, name=name, what=hit.what, way=hit.way, origin=origin, token=hit.token
                )
                (weak[sink, hit.what] if hit.what in WEAK else verdict.leaks).add(leak)
    for leaks in weak.values():
        if len({leak.token for leak in leaks}) >= WEAK_LEAST:
            verdict.leaks |= leaks
    verdict.tokens = {leak.token for leak in verdict.leaks}
    verdict.controls = len(controls.planted)
    missed = [one for one in controls.planted if (one.sink, one.token) not in found]
    verdict.missed = {(one.sink, one.form) for one in missed}
    verdict.found = verdict.controls - len(missed)
    return verdict


def _searched(pieces: Iterable[Piece], markers: Markers) -> Iterator[_Searched]:
    batches = list(_batches(parts(pieces, set())))
    if len(batches) == 1:
        # Less work than a process takes to start.
        yield from _scan(Scanner(markers), batches[0])
        return
    # A fork would copy the locks of our threads.
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(_CORES, context, initializer=_ready, initargs=(markers,)) as pool:
        for batch in pool.map(_search, batches):
            yield from batch


def parts(pieces: Iterable[Piece], seen: set[tuple[str, bytes]]) -> Iterator[Piece]:
    """What is not among ``seen`` yet, which grows by it; the same bytes count once a sink."""
    for piece in _cut(pieces):
        key = piece.sink, hashlib.blake2b(piece.data, digest_size=16).digest()
        if key not in seen:
            seen.add(key)
            yield piece


def _cut(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Large files in parts that overlap, so that nothing of some thousand bytes is cut in two."""
    for piece in pieces:
        if len(piece.data) <= _PART + _OVERLAP:
            yield piece
            continue
        for at in range(0, len(piece.data), _PART):
            yield replace(piece, data=piece.data[at : at + _PART + _OVERLAP], whole=False)


def _batches(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    batch: list[Piece] = []
    size = 0
    for piece in pieces:
        batch.append(piece)
        size += len(piece.data) + _OVERHEAD
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    yield batch


_SCANNER: list[Scanner] = []


def _ready(markers: Markers) -> None:
    _SCANNER[:] = [Scanner(markers)]


def _search(batch: list[Piece]) -> list[_Searched]:
    return _scan(_SCANNER[0], batch)


def _scan(scanner: Scanner, batch: list[Piece]) -> list[_Searched]:
    return [
        (piece.sink, piece.name, len(piece.data), scanner.scan(piece.data, whole=piece.whole))
        for piece in batch
    ]
