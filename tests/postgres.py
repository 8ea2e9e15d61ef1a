"""The PostgreSQL that tests start; `proof/installation` makes it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from proof.installation.postgres import LOG_SETTINGS, ROLE, Postgres, programs

__all__ = ["LOG_SETTINGS", "ROLE", "Databases", "Postgres", "programs"]

_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_SHAPE = """
    SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
        SELECT format('%s %s %s %s %s', relname, attname, atttypid, attstattarget, attstorage)
        FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relnamespace = 'public'::regnamespace AND attnum > 0
        UNION ALL SELECT format('%s %s %s', relname, reloptions, relacl)
        FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT format('%s %s', conname, conrelid) FROM pg_constraint
        UNION ALL SELECT format('%s %s', tgname, tgrelid) FROM pg_trigger
        UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT array_to_string(setconfig, ' ') FROM pg_db_role_setting
    ) AS parts (part)
"""
"""Tables, columns, constraints, triggers, functions and settings, as one hash."""
_WRITTEN = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
"""
_RESTART = "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"


class Databases:
    """Databases with every table and no row; each serves one test at a time.

    A copy of 60 tables costs half a second, to delete the few rows of a test ten milliseconds. A
    database whose tables a test has changed is not used again.
    """

    def __init__(self, server: Postgres, template: str, copies: ExitStack) -> None:
        self._server = server
        self._template = template
        self._copies = copies
        self._free: list[str] = []
        self._shape = ""

    @contextmanager
    def lend(self) -> Iterator[str]:
        """The URL of one, for one test."""
        url = self._free.pop() if self._free else self._copy()
        yield url
        if self._cleared(url):
            self._free.append(url)

    def _copy(self) -> str:
        url = self._copies.enter_context(self._server.database(self._template))
        with self._administrator(url) as connection:
            self._shape = _shape(connection)
        return url

    def _cleared(self, url: str) -> bool:
        """End every session, delete every row; False where the tables are not as they were."""
        with self._administrator(url) as connection:
            connection.execute(_OTHERS)
            if _shape(connection) != self._shape:
                return False
            # All tables lose their rows: no foreign key has anything to check.
            connection.execute("SET session_replication_role = replica")
            for (name,) in connection.execute(_WRITTEN).fetchall():
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
            connection.execute(_RESTART)
        return True

    def _administrator(self, url: str) -> "psycopg.Connection[tuple[str]]":
        name = make_url(url).database
        return psycopg.connect(host=str(self._server.folder), user="postgres", dbname=name)


def _shape(connection: "psycopg.Connection[tuple[str]]") -> str:
    row = connection.execute(_SHAPE).fetchone()
    assert row is not None
    return row[0]
