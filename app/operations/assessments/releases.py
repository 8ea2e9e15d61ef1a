"""What an epoch has published of figures over people, for each set of options (PRIV-4)."""

import hashlib
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessment.engine import Result, assess_people
from app.assessment.options import AssessmentOptions
from app.assessment.release import Other, Release, Window, first_window, roll, window_at
from app.assessment.rows import Facts
from app.core.clock import now, to_microseconds
from app.models import CollectionRun, FigureRelease
from app.operations.assessments.settings import options_from

MOST_SETS = 2
"""Sets of options that may be new in four weeks: each is another look at the same people."""
_PERIOD = timedelta(weeks=4)
_OF_ONE_ASSESSMENT = ("since", "until", "as_of", "narrowed", "teams", "services", "seed")


class ReleaseChanged(Exception):
    """Another assessment has stored the release meanwhile."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A release as the database has it."""

    options: dict[str, Any]
    first_at: datetime
    version: int
    release: Release


@dataclass(frozen=True, slots=True)
class Releases:
    """All releases of an epoch by the hash of their options, the oldest first."""

    stored: dict[bytes, Stored]
    collected: Window
    storable: bool = True
    """Whether the release of the assessment is going to be stored."""


@dataclass(frozen=True, slots=True)
class Released:
    """The release of one assessment; ``changed`` where it has to be stored."""

    release: Release
    options: dict[str, Any]
    changed: bool
    version: int


def load_releases(session: Session, run: CollectionRun) -> Releases:
    """Every release of the epoch of a run."""
    rows = session.scalars(
        select(FigureRelease)
        .where(FigureRelease.epoch_id == run.epoch_id)
        .order_by(FigureRelease.first_at)
    )
    stored = {
        row.options_hash: Stored(
            row.options, row.first_at, row.version, Release.from_json(row.document)
        )
        for row in rows
    }
    collected = Window(to_microseconds(run.since), to_microseconds(min(run.until, run.as_of)))
    return Releases(stored, collected)


def released(facts: Facts, options: AssessmentOptions, known: Releases) -> Released:
    """The release for the options of an assessment: the stored one, or one that has moved on.

    What is not going to be stored could be asked for again and again: then only stored ones.
    """
    chosen = _options_of_people(options)
    mine = known.stored.get(_hash(chosen))
    window = _window(options, known)
    if mine is not None and not known.storable:
        return Released(mine.release, chosen, changed=False, version=mine.version)
    if window is None or (mine is None and (not known.storable or _too_many(known))):
        return Released(Release(known.collected, {}, {}), chosen, changed=False, version=0)
    # Only older sets: two that waited for each other would never move.
    older = itertools.takewhile(lambda each: each is not mine, known.stored.values())
    others = [
        Other(each.release, _compute(facts, options_from(each.options, known.collected)))
        for each in older
    ]
    before = None if mine is None else mine.release
    found = roll(_compute(facts, options), before, window, others)
    version = 0 if mine is None else mine.version
    return Released(found, chosen, changed=found is not before, version=version)


def comparable(
    baseline: AssessmentOptions, followup: AssessmentOptions, known: Releases
) -> tuple[AssessmentOptions, AssessmentOptions]:
    """Both sides of a comparison.

    They show figures over people only of whole blocks that share no week, and only with the options
    that were used first: what they show is not stored.
    """
    sides = [Window(each.since, each.until) for each in (baseline, followup)]
    grid = _window(followup, known)
    apart = not sides[0].overlaps(sides[1])
    first = next(iter(known.stored), None)
    apart = apart and first in {None, _hash(_options_of_people(followup))}
    if grid is None or not apart or not all(grid.in_step(each, followup.zone) for each in sides):
        return replace(baseline, narrowed=True), replace(followup, narrowed=True)
    return replace(baseline, as_of=baseline.until), replace(followup, as_of=followup.until)


def store_release(session: Session, epoch_id: bytes, found: Released) -> None:
    """Store a release that has changed. Raises ReleaseChanged if another was faster."""
    if not found.changed:
        return
    number = _hash(found.options)
    row = session.get(FigureRelease, (epoch_id, number))
    if (0 if row is None else row.version) != found.version:
        raise ReleaseChanged
    if row is None:
        row = FigureRelease(
            epoch_id=epoch_id, options_hash=number, options=found.options, first_at=now()
        )
        session.add(row)
    row.changed_at, row.version = now(), found.version + 1
    row.document = found.release.as_json()


def _window(options: AssessmentOptions, known: Releases) -> Window | None:
    """One grid for all options: two that lie across each other could be subtracted."""
    since, until = known.collected
    first = next(iter(known.stored.values()), None)
    if first is None:
        return first_window(since, until, options.zone)
    return window_at(first.release.window, until, options.zone)


def _compute(facts: Facts, options: AssessmentOptions) -> Any:
    """The engine by window, each once; the snapshot is the window's end, whatever came later."""

    @cache
    def compute(window: Window) -> Result:
        since, until = window
        return assess_people(
            facts,
            replace(
                options,
                since=since,
                until=until,
                as_of=until,
                narrowed=False,
                teams=(),
                services=(),
            ),
        )

    return compute


def _options_of_people(options: AssessmentOptions) -> dict[str, Any]:
    every = options.as_json()
    return {name: value for name, value in every.items() if name not in _OF_ONE_ASSESSMENT}


def _hash(options: dict[str, Any]) -> bytes:
    return hashlib.sha256(json.dumps(options, sort_keys=True).encode()).digest()


def _too_many(known: Releases) -> bool:
    recent: Sequence[Stored] = [
        each for each in known.stored.values() if each.first_at > now() - _PERIOD
    ]
    return len(recent) >= MOST_SETS
