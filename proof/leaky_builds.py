"""The bad builds, one after the other: each must be caught where it leaks."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from app.processes.process_list import ROOT
from proof.controls import Controls
from proof.crawl import Crawl
from proof.installation.consultant import Consultant
from proof.installation.processes import wait_until
from proof.installation.tacit import Installation, Seed
from proof.judge import Leak, judge
from proof.leaky.leaks import LEAKS
from proof.observed import observed_installation, seed
from proof.planted import Stretch, plant, settings_of
from proof.progress import progress
from proof.registry import SEED, Registry, word
from sandbox.canaries import Mint

_SIZE = "small"
_TIME_OUT = 300.0
_SITE = ROOT / "proof" / "leaky" / "site"


@dataclass(frozen=True, slots=True)
class Caught:
    """One seeded leak: what was found of it where it was to be found."""

    name: str
    leaks: frozenset[Leak]

    @property
    def is_caught(self) -> bool:
        """Whether the search reports it."""
        return bool(self.leaks)


def leaky(name: str) -> dict[str, str]:
    """What makes a product leak, by the name of the leak."""
    return {"LEAK": name, "PYTHONPATH": f"{_SITE}:{ROOT}"}


def seeded(names: Iterable[str], stretch: Stretch) -> list[Caught]:
    """Run every leak on a small account; they share a word, and what was planted."""
    run_word = word()
    registry = plant(settings_of(_SIZE, run_word, stretch.until), stretch)
    with seed() as prepared, ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda name: _one(name, registry, stretch.until, prepared), names))


def _one(name: str, registry: Registry, end: datetime, prepared: Seed) -> Caught:
    settings = {
        **leaky(name),
        "SANDBOX_SIZE": _SIZE,
        "SANDBOX_AS_OF": end.isoformat(),
        "SANDBOX_RATE_LIMIT": "900000",
        "SANDBOX_SEED": str(SEED),
        "SANDBOX_CANARIES": registry.mint.word,
        "SANDBOX_CANARY_IDS": "1",
        "TACIT_SWEEP_SECONDS": "0.5",
    }
    controls = Controls(Mint(SEED, registry.mint.word))
    sink = LEAKS[name][1]
    with observed_installation(settings, postgres=False, seed=prepared) as installation:
        person = Consultant(installation.product).logs_in().opens_engagement()
        crawl = Crawl(installation.product.url)
        crawl.keep(person.connects())
        wait_until(lambda: _ended(installation.product), _TIME_OUT, f"{name}: nothing ended")
        for page in ("", "/report.json", "/integrations"):
            crawl.keep(person.http.get(installation.product.url + person.path(page), timeout=30))
        pieces = installation.snapshot(controls) + crawl.pieces
    searched = [piece for piece in pieces if piece.sink == sink]
    found = frozenset(judge(searched, registry, controls).leaks)
    progress(f"{name}: {len(found)} found in {sink}")
    return Caught(name, found)


def _ended(product: Installation) -> bool:
    """Assessed, or failed: a leak may end a collection."""
    runs = product.select("SELECT state FROM collection_run")
    assessments = product.select("SELECT state FROM assessment")
    return "failed" in runs or (bool(assessments) and not {"queued", "running"} & {*assessments})
