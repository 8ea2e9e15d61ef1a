"""Clocks that are wrong: what was requested happens, and nothing else."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Epoch, LedgerEntry, Purge
from app.sweep import sweep_once
from tests.faults.instance import (
    Instance,
    in_a_process,
    keeps_sweeping,
    new_instance,
    sweeps,
)
from tests.faults.oracle import Oracle
from tests.unit.operations.purges import DuePurge, due_purge, found

A_DAY_AND_MORE = timedelta(hours=25)
A_YEAR = timedelta(days=365)
CONFIRMATION_SECONDS = 1.0


@pytest.fixture
def instance(tmp_path: Path, database_url: str) -> Iterator[Instance]:
    with new_instance(tmp_path, database_url) as standing:
        yield standing


def _deadline(made: DuePurge) -> tuple[object, object]:
    purge = found(made.handle)
    return purge.requested_at, purge.deadline_at


@pytest.mark.parametrize("shift", [A_DAY_AND_MORE, -A_DAY_AND_MORE])
def test_cell_45_a_clock_set_back_or_ahead_moves_no_deadline_of_a_purge(
    instance: Instance, shift: timedelta
) -> None:
    oracle = Oracle(instance.url, instance.instance)
    assert sweep_once()
    made = due_purge(instance.tenant())
    promised = _deadline(made)
    assert in_a_process(sweeps, instance.environ, shift, 2) == 0
    purge = found(made.handle)
    assert purge.state == "done"
    assert _deadline(made) == promised
    assert purge.finished_at is not None
    assert purge.finished_at >= purge.requested_at
    if purge.finished_at > purge.deadline_at:
        # By its own clock it was late, and has to say so.
        oracle.late.add(made.handle)
        assert _breaches() == [made.handle]
    oracle.judge()


def _breaches() -> list[str]:
    with db.read() as session:
        return list(
            session.scalars(select(LedgerEntry.purge_handle).where(LedgerEntry.kind == "breach"))
        )


def _connected() -> list[str]:
    with db.read() as session:
        return list(session.scalars(select(Epoch.handle).where(Epoch.closed_at.is_(None))))


def test_cell_46_a_clock_that_jumps_ahead_deletes_nothing_at_once(
    instance: Instance,
) -> None:
    oracle = Oracle(instance.url, instance.instance)
    epoch = instance.tenant().connect()
    assert in_a_process(sweeps, instance.environ, A_YEAR, 5) == 0
    assert in_a_process(sweeps, instance.environ, A_YEAR, 5) == 0
    assert sweep_once()
    assert _connected() == [epoch.handle]
    oracle.judge()


def test_cell_46_a_date_that_has_passed_and_is_confirmed_deletes(
    instance: Instance, database_url: str
) -> None:
    instance.tenant().connect()
    waited = CONFIRMATION_SECONDS + 0.2
    assert in_a_process(keeps_sweeping, instance.environ, A_YEAR, waited) == 0
    if not database_url.startswith("sqlite"):
        # By the clock of that server no date has passed; ours does not count.
        assert len(_connected()) == 1
        return
    assert _connected() == []
    with db.read() as session:
        (purge,) = session.scalars(select(Purge))
    assert purge.cause == "retention"
