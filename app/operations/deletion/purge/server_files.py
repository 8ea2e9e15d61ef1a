"""A PostgreSQL server's own files, searched by the server: no access to its machine is needed."""

from collections.abc import Callable

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.operations.deletion.purge.search_patterns import (
    CHUNK_BYTES,
    Search,
    overlap,
    search_patterns,
)

_FORBIDDEN = "42501"
# A relation is cut into files of 1 GB. Indexes and TOAST are relations too.
_RELATIONS = text(
    "SELECT path || CASE WHEN part > 0 THEN '.' || part ELSE '' END "
    "FROM (SELECT pg_relation_filepath(oid) AS path, pg_relation_size(oid) AS size "
    "FROM pg_class WHERE relkind IN ('r', 'i', 't', 'm', 'S')) AS relation, "
    "generate_series(0, size >> 30) AS part WHERE path IS NOT NULL AND size > 0"
)
_LOG = text("SELECT 'pg_wal/' || name FROM pg_ls_waldir()")
_CHUNKS = text(
    # OFFSET 0: read once, not once for each of the forms.
    "SELECT path, length(bytes), EXISTS (SELECT FROM unnest(CAST(:forms AS bytea[])) AS form "
    "WHERE position(form IN bytes) > 0) FROM unnest(CAST(:paths AS text[])) AS path, "
    "LATERAL (SELECT pg_read_binary_file(path, CAST(:at AS bigint), CAST(:size AS bigint), true) "
    "AS bytes OFFSET 0) AS chunk WHERE bytes IS NOT NULL"
)

Files = Callable[[Connection], list[str]]


def relation_files(connection: Connection) -> list[str]:
    """Every file of every relation of this database."""
    return list(connection.scalars(_RELATIONS))


def log_files(connection: Connection) -> list[str]:
    """Every segment of the write-ahead log."""
    return list(connection.scalars(_LOG))


def search_server_files(connection: Connection, files: Files, epoch_id: bytes) -> Search | None:
    """Search until something is found; None where the role may not read files."""
    try:
        return _search_pieces(connection, files(connection), epoch_id)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _FORBIDDEN:
            raise
        return None


def _search_pieces(connection: Connection, paths: list[str], epoch_id: bytes) -> Search:
    """All files at once, one piece at a time, until each ends."""
    forms, search, at = search_patterns(epoch_id), Search(), 0
    while paths and not search.found:
        chunks = connection.execute(
            _CHUNKS, {"forms": list(forms), "paths": paths, "at": at, "size": CHUNK_BYTES}
        ).all()
        search.size += sum(size for _, size, _ in chunks)
        search.found += sum(found for _, _, found in chunks)
        paths = [path for path, size, _ in chunks if size == CHUNK_BYTES]
        at += CHUNK_BYTES - overlap(forms)
    return search
