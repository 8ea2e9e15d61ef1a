"""The figures of a deletion: an epoch with a million rows, from the disconnect to the recount."""

import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    LargeBinary,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.config import Config
from app.extensions import bind, db
from app.models import RECORD_TABLES, Base, CollectionRun, Epoch
from app.operations.accounts.engagements import open_engagement
from app.operations.accounts.members import add_member
from app.operations.connection.authorise import Authorised
from app.operations.connection.connect import connect
from app.operations.connection.id_token import Account
from app.operations.deletion.disconnect import disconnect
from app.operations.deletion.purge import epoch_tables
from app.operations.deletion.purge.run import attempt
from app.operations.deletion.purge.stages import FIRST
from app.operations.grant.grant import Grant
from benchmarks.figures import Figure, at_most, progress
from benchmarks.finished import finished
from benchmarks.yardstick import delete_yardstick_s
from tests.postgres import Postgres, programs

MILLION = 1_000_000
_ROWS = {
    "log_entry": 90_000,
    "log_entry_assignee": 18_926,
    "incident": 12_000,
    "incident_team": 12_000,
    "oncall": 4065,
    "schedule_entry": 2248,
    "change_event": 2000,
    "change_event_service": 2000,
    "schedule_v3_shift": 886,
    "incident_responder": 774,
    "incident_acknowledgement": 731,
}
"""Of the sandbox's reference account as it is collected: 98.8 % of its rows."""


def million_rows() -> Iterable[Figure]:
    """Logical deletion: keys, rows in transactions of 5,000, recount."""
    with tempfile.TemporaryDirectory(prefix="tacit-", dir="/tmp") as folder:
        yield _measured("sqlite", Path(folder), f"sqlite:///{folder}/tacit.db")
    with _postgres() as url, tempfile.TemporaryDirectory(prefix="tacit-", dir="/tmp") as folder:
        yield _measured("postgres", Path(folder), url)


@contextmanager
def _postgres() -> Iterator[str]:
    found = programs()
    if found is None:
        raise RuntimeError("no PostgreSQL: scripts/postgres installs it, or says how")
    with tempfile.TemporaryDirectory(prefix="tacit-", dir="/tmp") as folder, ExitStack() as stack:
        server = Postgres(Path(folder), found, max_wal_size="4GB")
        stack.callback(server.end)
        yield stack.enter_context(server.database())


def _measured(kind: str, folder: Path, url: str) -> Figure:
    handle = _million(folder, url)
    began = time.perf_counter()
    whole = attempt(handle, FIRST)
    seconds = time.perf_counter() - began
    with db.read() as session:
        left = sum(
            session.scalar(select(func.count()).select_from(table)) or 0 for table in epoch_tables()
        )
    db.engine.dispose()
    progress(f"{kind}: {seconds:.1f} s, {left} rows left")
    figure = at_most(f"purge.million_rows_{kind}_s", seconds, "s", 60, also=whole and left == 0)
    return figure.beside(delete_yardstick_s(folder, MILLION))


def _million(folder: Path, url: str) -> str:
    """A closed epoch with a million rows; the handle of its purge."""
    environ = {"TACIT_INSTANCE": str(folder), "REDIS_URL": f"unix://{folder}/no.sock"}
    bind(Config.from_env({**environ, "DATABASE_URL": url}))
    Base.metadata.create_all(db.engine)
    with db.write() as session:
        member = add_member(session, firm="Firm", email="a@firm.example", password="x" * 12)
        engagement = open_engagement(
            session,
            firm_id=member.firm_id,
            client_name="Acme",
            subdomain="acme",
            since=None,
            until=None,
            time_zone="UTC",
        )
        grant = Grant("access", "refresh", now() + timedelta(hours=1))
        connect(session, engagement, Authorised(Account("PACCT", "acme", "us"), grant, False))
    _fill()
    with db.write() as session:
        return disconnect(session, engagement).purge.handle


def _fill() -> None:
    """The database makes the rows: every column of each has a value to be cleared."""
    with db.read() as session:
        epoch = session.scalars(select(Epoch.id)).one()
        run = session.scalars(select(CollectionRun.id)).one()
    shares = sum(_ROWS.values())
    for name, count in _ROWS.items():
        table = RECORD_TABLES[name]
        known: dict[str, Any] = {"epoch_id": literal(epoch, LargeBinary), "run_id": literal(run)}
        known["deleted_at"] = literal(None, BigInteger)
        values: dict[str, Any] = {
            column.name: known.get(column.name, _value(column)) for column in table.columns
        }
        number = select(literal(1).label("n")).cte("number", recursive=True)
        last = round(count * MILLION / shares)
        number = number.union_all(select(number.c.n + 1).where(number.c.n < last))
        many = select(*values.values()).select_from(number)
        with db.write() as session:
            _take_long(session)
            session.execute(insert(table).from_select(list(values), many))


def _take_long(session: Session) -> None:
    """A page's transaction may not; this one stands for thousands of them."""
    if db.engine.dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))


def _value(column: Column[Any]) -> ColumnElement[Any]:
    if not isinstance(column.type, LargeBinary):
        return literal(time.time_ns() // 1000 if isinstance(column.type, BigInteger) else 1)
    if db.engine.dialect.name == "sqlite":
        return func.randomblob(16)
    return func.uuid_send(func.gen_random_uuid())


PARTS = {"million_rows": million_rows, "finished": finished}
