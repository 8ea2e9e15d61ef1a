"""Deletions go by the database's clock, and a clock that is set back puts none of them off."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.extensions import db
from app.models import Heartbeat
from app.operations.transactions.db_clock import LATEST_SEEN, moment, note_time
from tests.unit.operations.conftest import Tenant

MINUTE = timedelta(minutes=1)


def _note_latest(ahead: timedelta) -> None:
    with db.write() as session:
        session.merge(Heartbeat(name=LATEST_SEEN, seen_at=now() + ahead))


def _ahead() -> timedelta:
    """Of the clock of this machine."""
    with db.read() as session:
        return moment(session) - now()


def _kept() -> timedelta:
    with db.read() as session:
        kept = session.scalars(select(Heartbeat.seen_at).where(Heartbeat.name == LATEST_SEEN)).one()
    return kept - now()


@pytest.mark.parametrize("ahead", [-60, 0, 4])
def test_a_correct_clock_is_used(tenant: Tenant, log: io.StringIO, ahead: int) -> None:
    _note_latest(ahead * MINUTE)
    assert abs(_ahead()) < MINUTE / 2
    assert "clock_back" not in log.getvalue()


def test_a_clock_that_was_set_back_is_not_used(tenant: Tenant, log: io.StringIO) -> None:
    _note_latest(0 * MINUTE)
    assert abs(_ahead()) < MINUTE
    _note_latest(60 * MINUTE)
    for _ in range(3):
        assert abs(_ahead() - 60 * MINUTE) < MINUTE
    assert log.getvalue().count("clock_back") == 1
    _note_latest(0 * MINUTE)
    assert abs(_ahead()) < MINUTE
    _note_latest(60 * MINUTE)
    _ahead()
    assert log.getvalue().count("clock_back") == 2


def test_time_goes_on_from_the_latest_moment_seen(tenant: Tenant) -> None:
    with db.write() as session:
        note_time(session, timedelta(seconds=5))
    assert abs(_kept()) < MINUTE / 2
    _note_latest(60 * MINUTE)
    with db.write() as session:
        note_time(session, 10 * MINUTE)
    assert abs(_kept() - 70 * MINUTE) < MINUTE / 2
    assert abs(_ahead() - 70 * MINUTE) < MINUTE / 2
    _note_latest(2 * MINUTE)
    with db.write() as session:
        note_time(session, 10 * MINUTE)
    assert abs(_kept() - 2 * MINUTE) < MINUTE / 2, "within the slack it only never goes back"
