"""The migrations make exactly the tables of the models, and take them back."""

import re
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from app.models import Base

ROOT = Path(__file__).resolve().parents[2]


def _settings(connection: Connection) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    settings.attributes["connection"] = connection
    return settings


def _parts(sql: str) -> set[str]:
    """A CREATE statement as the set of its parts: their order says nothing."""
    head, _, rest = sql.partition("(")
    body, _, tail = rest.rpartition(")")
    # Commas inside brackets belong to one part.
    parts = re.split(r",(?![^()]*\))", body)
    return {" ".join(part.split()) for part in [head, *parts, tail]}


def _ddl(engine: Engine) -> dict[str, set[str]]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return {name: _parts(sql) for name, sql in rows if name != "alembic_version"}


def test_the_migrated_schema_is_the_schema_of_the_models(tmp_path: Path) -> None:
    migrated = create_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    with migrated.connect() as connection:
        command.upgrade(_settings(connection), "head")
        connection.commit()
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    made = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    Base.metadata.create_all(made)
    assert _ddl(migrated) == _ddl(made)
    migrated.dispose()
    made.dispose()


def test_the_migrations_go_down_to_nothing(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'tacit.db'}")
    with engine.connect() as connection:
        command.upgrade(_settings(connection), "head")
        command.downgrade(_settings(connection), "base")
        connection.commit()
        assert inspect(connection).get_table_names() == ["alembic_version"]
        assert len(ScriptDirectory.from_config(_settings(connection)).get_heads()) == 1
    engine.dispose()


def test_what_was_collected_before_a_wider_allow_list_waits_for_a_new_consent(
    tmp_path: Path,
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'tacit.db'}")
    with engine.connect() as connection:
        command.upgrade(_settings(connection), "0003")
        for statement in _BEFORE.split(";"):
            connection.execute(text(statement))
        command.upgrade(_settings(connection), "head")
        run = connection.execute(text("SELECT state, code FROM collection_run")).one()
        assert tuple(run) == ("failed", "allow_list_changed")
        assert connection.execute(text("SELECT count(*) FROM engagement")).scalar() == 1
        assert connection.execute(text("SELECT count(*) FROM assessment")).scalar() == 0
    engine.dispose()


_BEFORE = """
INSERT INTO firm (id, name, created_at) VALUES (1, 'F', 0);
INSERT INTO engagement (id, handle, firm_id, client_name, subdomain, time_zone, created_at)
VALUES (1, 'e', 1, 'C', 'acme', 'UTC', 0);
INSERT INTO connection (id, handle, engagement_id, region, partial, connected_at, checked_at)
VALUES (1, 'c', 1, 'us', 0, 0, 0);
INSERT INTO epoch (id, handle, connection_id, account, allow_list_hash, created_at)
VALUES (zeroblob(16), 'p', 1, zeroblob(16), zeroblob(32), 0);
INSERT INTO collection_run (id, handle, epoch_id, state, since, until, as_of, queued_at,
partial, requests, rate_limited, attempts)
VALUES (1, 'r', zeroblob(16), 'done', 0, 1, 1, 0, 0, 0, 0, 1);
INSERT INTO assessment (id, handle, epoch_id, run_id, state, queued_at, attempts)
VALUES (1, 'a', zeroblob(16), 1, 'done', 0, 1)
"""
