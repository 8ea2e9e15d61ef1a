"""No planted marker is expected to be found by chance in all that a run searches."""

import math
from collections.abc import Iterator

import pytest

from proof.controls import Controls
from proof.judge import judge
from proof.registry import DRAWN, Registry, word
from proof.search.markers import WEAK, WEAK_LEAST, Markers, checksums, search_patterns
from proof.search.patterns import LONG
from proof.sinks import Piece
from sandbox.canaries import MOMENTS, NUMBERS, Mint

SEARCHED = 1_200_000_000
"""Bytes of a run of the reference size, decoded ones included."""
HEX, BASE64 = SEARCHED // 10, SEARCHED // 50
"""Bytes of them in texts that encode random bytes: 8.5 % and 1.6 % were seen."""
DECIMAL, WORDS = 1_000, 10_000
"""Words of random digits as long as a planted number, and of 8 to 10 hexadecimal digits: about
100 and 1,000 were seen."""
SINKS = 20
"""Ten on each of two databases."""
MINT = Mint(1, word())


@pytest.fixture(scope="module")
def markers() -> Markers:
    """As many as a run plants, and as many texts as it draws."""
    registry = Registry(MINT)
    numbers = [MINT.number * 10**5 + n for n in range(NUMBERS)]
    moments = [f"{MINT.day}T14:{n // 60:02d}:{n % 60:02d}Z" for n in range(MOMENTS)]
    registry.read("", "", {"numbers": numbers, "moments": moments})
    for number in range(DRAWN):
        registry.read("", f"/{number}", MINT.leaf("incident", str(number), "/title"))
    found = registry.markers()
    assert (len(found.numbers), len(found.moments)) == (NUMBERS, MOMENTS)
    return found


def expected(pattern: bytes) -> float:
    """How often a pattern stands by chance among random bytes and in texts that encode them."""
    found = SEARCHED * 256.0 ** -len(pattern)
    if pattern.isdigit():
        found += DECIMAL * 10.0 ** -len(pattern)
        # Shorter digits count only as a word of their own, and hexadecimal texts are longer words.
        found += HEX * 16.0 ** -len(pattern) if len(pattern) >= LONG else 0
    return found


def by_kind(markers: Markers) -> Iterator[tuple[str, float]]:
    for pattern, kind, _ in search_patterns(markers):
        yield kind, expected(pattern)
    # A word of random digits has one of the three forms.
    yield "crc32", WORDS * len(checksums(markers)) / 3 / 2**32
    letters = len(markers.prefix)
    # Both cases of a letter count.
    yield "text", SEARCHED * (2 / 256) ** letters + BASE64 * (2 / 64) ** letters
    yield "moment", SEARCHED * 256.0 ** -len(markers.day) + BASE64 * 64.0 ** -len(markers.day)


def test_fewer_than_one_in_a_million_runs_finds_a_marker_by_chance(markers: Markers) -> None:
    assert sum(found for kind, found in by_kind(markers) if kind not in WEAK) < 1e-6


@pytest.mark.parametrize("weak", sorted(WEAK))
def test_three_weak_markers_in_one_sink_are_as_improbable(weak: str, markers: Markers) -> None:
    mean = sum(found for kind, found in by_kind(markers) if kind == weak)
    assert mean < 0.1
    assert SINKS * mean**WEAK_LEAST / math.factorial(WEAK_LEAST) < 1e-6


def test_no_instant_in_microseconds_is_a_planted_number() -> None:
    smallest, largest = MINT.number * 10**5, (MINT.number + 1) * 10**5
    assert smallest > 1.9e15  # in the year 2030
    assert largest < 2**53


@pytest.mark.parametrize(("found", "leaks"), [(1, 0), (2, 0), (3, 3)])
def test_weak_markers_count_from_three_in_a_sink(found: int, leaks: int) -> None:
    registry = Registry(MINT)
    for number in range(3):
        registry.read("", f"/{number}", MINT.leaf("incident", str(number), "/title"))
    seen = [one for one in checksums(registry.markers()) if one.isdigit() or one.islower()]
    tokens = {checksums(registry.markers())[one]: one for one in seen}
    pieces = [Piece("logs", "web.log", b" ".join([*tokens.values()][:found]))]
    assert len(judge(pieces, registry, Controls(MINT)).tokens) == leaks
