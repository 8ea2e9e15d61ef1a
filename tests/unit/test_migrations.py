"""The migrations make exactly the tables of the models, and take them back, on both databases."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

from app.models import Base

_COMMA = r",(?![^()]*\))"
ROOT = Path(__file__).resolve().parents[2]
_SQLITE = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
_POSTGRESQL = (
    """SELECT table_name, concat_ws(' ', column_name, data_type, character_maximum_length,
    is_nullable, column_default) FROM information_schema.columns WHERE table_schema = 'public'""",
    """SELECT conrelid::regclass::text, concat_ws(' ', conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
)


@pytest.fixture
def connection(empty_database_url: str) -> Iterator[Connection]:
    engine = create_engine(empty_database_url)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def _settings(connection: Connection) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    settings.attributes["connection"] = connection
    return settings


def _parts(definition: str) -> set[str]:
    """A statement as the set of its parts; commas inside brackets belong to one of them."""
    head, _, rest = definition.partition("(")
    body, _, tail = rest.rpartition(")")
    return {" ".join(part.split()) for part in [head, *re.split(_COMMA, body), tail]}


def _schema(connection: Connection) -> dict[str, set[str]]:
    """Every table's parts, as the database itself spells them: their order says nothing."""
    statements = (_SQLITE,) if connection.dialect.name == "sqlite" else _POSTGRESQL
    found: defaultdict[str, set[str]] = defaultdict(set)
    for statement in statements:
        for name, definition in connection.execute(text(statement)):
            if name != "alembic_version":
                found[name] |= _parts(definition)
    return found


def test_the_migrated_schema_is_the_schema_of_the_models(connection: Connection) -> None:
    command.upgrade(_settings(connection), "head")
    assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    migrated = _schema(connection)
    assert len(migrated) >= len(Base.metadata.tables)
    command.downgrade(_settings(connection), "base")
    Base.metadata.create_all(connection)
    assert migrated == _schema(connection)


@pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)
def test_the_planner_keeps_no_statistics_of_pseudonyms(connection: Connection) -> None:
    command.upgrade(_settings(connection), "head")
    kept = connection.execute(
        text(
            "SELECT attrelid::regclass::text, attname FROM pg_attribute JOIN pg_class c "
            "ON c.oid = attrelid WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
            "AND attnum > 0 AND atttypid = 'bytea'::regtype "
            "AND coalesce(attstattarget, -1) <> 0"
        )
    ).all()
    hanging = {name for name, table in Base.metadata.tables.items() if "epoch_id" in table.c}
    assert not [f"{table}.{column}" for table, column in kept if table in hanging | {"epoch"}]
    assert hanging


def test_the_migrations_go_down_to_nothing(connection: Connection) -> None:
    command.upgrade(_settings(connection), "head")
    command.downgrade(_settings(connection), "base")
    assert inspect(connection).get_table_names() == ["alembic_version"]
    assert len(ScriptDirectory.from_config(_settings(connection)).get_heads()) == 1


def test_an_epoch_from_before_a_wider_allow_list_needs_a_new_consent(
    connection: Connection,
) -> None:
    command.upgrade(_settings(connection), "0003")
    for statement in _BEFORE.split(";"):
        connection.execute(text(statement), {"id": bytes(16), "hash": bytes(32), "no": False})
    command.upgrade(_settings(connection), "head")
    run = connection.execute(text("SELECT state, code FROM collection_run")).one()
    assert tuple(run) == ("failed", "allow_list_changed")
    assert connection.execute(text("SELECT count(*) FROM engagement")).scalar() == 1
    assert connection.execute(text("SELECT count(*) FROM assessment")).scalar() == 0


def test_an_assessment_by_an_older_method_is_recomputed(connection: Connection) -> None:
    command.upgrade(_settings(connection), "0005")
    for statement in (_BEFORE + _ASSESSED).split(";"):
        connection.execute(text(statement), {"id": bytes(16), "hash": bytes(32), "no": False})
    kept = _rows(connection)
    command.upgrade(_settings(connection), "head")
    assert _rows(connection) == kept
    # Of the first run neither the certificate nor all of the rows are there any more.
    assert _assessments(connection) == [("b", "queued", 0, None), ("c", "failed", 1, None)]
    connection.execute(
        text("UPDATE assessment SET state = 'done', question = '{}' WHERE handle = 'c'")
    )
    connection.execute(text("UPDATE assessment SET state = 'done' WHERE handle = 'b'"))

    command.downgrade(_settings(connection), "0005")
    assert _rows(connection) == kept
    # What has a question cannot be computed without it.
    assert _assessments(connection) == [("b", "queued", 0, None)]
    command.upgrade(_settings(connection), "head")
    assert connection.execute(text("SELECT question FROM assessment")).scalars().all() == [None]


def _rows(connection: Connection) -> dict[str, int]:
    counted = ("engagement", "connection", "epoch", "collection_run")
    return {
        name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()  # noqa: S608
        for name in counted
    }


def _assessments(connection: Connection) -> list[tuple[object, ...]]:
    found = connection.execute(
        text("SELECT handle, state, attempts, document FROM assessment ORDER BY handle")
    )
    return [tuple(row) for row in found]


_BEFORE = """
INSERT INTO firm (id, name, created_at) VALUES (1, 'F', 0);
INSERT INTO engagement (id, handle, firm_id, client_name, subdomain, time_zone, created_at)
VALUES (1, 'e', 1, 'C', 'acme', 'UTC', 0);
INSERT INTO connection (id, handle, engagement_id, region, partial, connected_at, checked_at)
VALUES (1, 'c', 1, 'us', :no, 0, 0);
INSERT INTO epoch (id, handle, connection_id, account, allow_list_hash, created_at)
VALUES (:id, 'p', 1, :id, :hash, 0);
INSERT INTO collection_run (id, handle, epoch_id, state, since, until, as_of, queued_at,
partial, requests, rate_limited, attempts)
VALUES (1, 'r', :id, 'done', 0, 1, 1, 0, :no, 0, 0, 1);
INSERT INTO assessment (id, handle, epoch_id, run_id, state, queued_at, attempts)
VALUES (1, 'a', :id, 1, 'done', 0, 1)
"""
_ASSESSED = """;
UPDATE assessment SET document = '{}', finished_at = 0;
INSERT INTO collection_run (id, handle, epoch_id, state, since, until, as_of, queued_at,
partial, requests, rate_limited, attempts)
VALUES (2, 's', :id, 'done', 0, 1, 1, 0, :no, 0, 0, 1);
INSERT INTO collection_run (id, handle, epoch_id, state, since, until, as_of, queued_at,
partial, requests, rate_limited, attempts)
VALUES (3, 't', :id, 'failed', 0, 1, 1, 0, :no, 0, 0, 1);
INSERT INTO assessment (id, handle, epoch_id, run_id, state, queued_at, attempts, document,
finished_at) VALUES (2, 'b', :id, 2, 'done', 0, 1, '{}', 0);
INSERT INTO assessment (id, handle, epoch_id, run_id, state, queued_at, attempts)
VALUES (3, 'c', :id, 2, 'failed', 0, 1)
"""
