"""The search finds a planted marker in every form, and nothing where there is none."""

import base64
import gzip
import hashlib
import os
import secrets
from datetime import datetime

import pytest

from proof.controls import MOMENTS, NUMBERS, VALUES, Controls
from proof.judge import judge
from proof.registry import Registry, word
from proof.search.markers import Markers
from proof.search.scanner import Hit, Scanner
from proof.sinks import Piece
from sandbox.canaries import Mint

MINT = Mint(1, word())
TITLE = f"Disk full on {MINT.leaf('incident', 'Q1', '/title')}"


def scanner(*drawn: str) -> Scanner:
    registry = Registry(MINT)
    registry.read("/incidents", "/incidents/*", {"title": TITLE, "n": MINT.odd_number("x")})
    return Scanner(registry.markers(drawn))


@pytest.mark.parametrize("form", [*VALUES, *NUMBERS, *MOMENTS])
def test_every_form_is_found(form: str) -> None:
    controls = Controls(MINT)
    made = {one.form: one for one in controls.make("logs", values=True)}[form]
    hits = scanner(made.token).scan(made.data, whole=True)
    assert made.token in {hit.token for hit in hits}


@pytest.mark.parametrize("form", [form for form in VALUES if form != "deflate"])
def test_every_form_is_found_in_the_middle_of_a_file(form: str) -> None:
    control = {one.form: one for one in Controls(MINT).make("logs", values=True)}[form]
    around = os.urandom(20_000)
    hits = scanner(control.token).scan(around + b"\n" + control.data + b"\n" + around)
    assert control.token in {hit.token for hit in hits}


def test_a_mark_that_is_cut_short_is_found() -> None:
    token = MINT.leaf("incident", "Q1", "/title")
    assert scanner().scan(b"title: " + token[:11].encode()) == {Hit(token[:11], "text", ())}


def test_the_digest_of_a_whole_title_is_found() -> None:
    digest = hashlib.sha1(TITLE.encode(), usedforsecurity=False).digest()
    hits = scanner().scan(b"x" + base64.b64encode(digest))
    assert {hit.what for hit in hits} == {"sha1"}


def test_a_hit_names_its_decoders() -> None:
    hidden = base64.b64encode(gzip.compress(TITLE.encode()))
    assert {hit.way for hit in scanner().scan(hidden)} == {("base64", "gzip")}


def test_four_levels_of_encoding_are_searched_and_five_are_not() -> None:
    data = TITLE.encode()
    for depth in range(1, 6):
        data = data.hex().encode()
        found = bool(scanner().scan(data))
        assert found is (depth <= 4), depth


def test_nothing_is_found_in_noise() -> None:
    noise = os.urandom(2_000_000) + secrets.token_urlsafe(500_000).encode()
    assert scanner().scan(noise, whole=True) == set()


def test_a_moment_counts_as_a_number_of_its_own_and_not_as_digits_of_a_longer_one() -> None:
    one = Controls(MINT)
    moment = next(each for each in one.make("rows", values=True) if each.form in MOMENTS).token
    seconds = int(datetime.fromisoformat(moment).timestamp())
    find = scanner(moment).scan
    for number in (seconds, seconds * 1000, seconds * 1_000_000):
        assert {hit.token for hit in find(f"at\n{number}\nby".encode())} == {moment}
    for longer in (f"17{seconds}", f"{seconds}39", f"0.{seconds}", f"c{seconds}", f"0.{seconds}e1"):
        assert find(longer.encode()) == set()


def test_a_missed_control_is_reported() -> None:
    controls = Controls(MINT)
    made = controls.make("logs", values=False)
    pieces = [Piece("logs", "control", one.data) for one in made[1:]]
    verdict = judge(pieces, Registry(MINT), controls)
    assert verdict.missed == {("logs", made[0].form)}
    assert (verdict.controls, verdict.found) == (len(made), len(made) - 1)
    assert verdict.leaks == set()


def test_a_leak_is_reported_with_its_origin() -> None:
    registry = Registry(MINT)
    registry.read("/incidents", "/incidents/*", {"title": TITLE})
    pieces = [Piece("logs", "web.log", f"lost {TITLE}".encode())]
    verdict = judge(pieces, registry, Controls(MINT))
    (leak,) = verdict.leaks
    assert (leak.sink, leak.origin) == ("logs", "/incidents /incidents/*/title")


def test_marks_are_drawn_from_every_place() -> None:
    registry = Registry(MINT)
    for number in range(5_000):
        registry.read("/incidents", "/*", {"title": MINT.leaf("incident", str(number), "/title")})
    registry.read("/teams", "/*", {"name": MINT.leaf("team", "1", "/name")})
    drawn = registry.markers().drawn
    assert MINT.leaf("team", "1", "/name") in drawn
    assert len(drawn) > 10
    assert isinstance(registry.markers(), Markers)
