"""The migrations make exactly the tables of the models, and take them back."""

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


def _ddl(engine: Engine) -> dict[str, set[str]]:
    """Every CREATE statement, as the set of its parts: their order says nothing."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return {
            name: {part.strip().rstrip(",") for part in sql.splitlines()}
            for name, sql in rows
            if name != "alembic_version"
        }


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
