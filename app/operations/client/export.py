"""Export: everything stored about a client as one JSON document, streamed, with its schema."""

import json
from collections.abc import Generator, Iterator, Mapping
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app.core.clock import now, wire
from app.core.errors import EpochClosed
from app.extensions import db
from app.models import (
    Base,
    ClientLink,
    Connection,
    Download,
    Engagement,
    Epoch,
    Firm,
    LedgerEntry,
    Purge,
)
from app.operations.client.holdings import (
    SEALED,
    Json,
    rows,
    schema_of,
    tables,
    vocabularies,
    writer,
)
from app.operations.transactions.fence import open_epoch
from collectors.manifest import manifest_hash

FORMAT = "tacit-client-export"
VERSION = 1
ONE: dict[str, type[Base]] = {
    "engagement": Engagement,
    "connection": Connection,
    "epoch": Epoch,
    "client_link": ClientLink,
}
"""Tables of ours with at most one row of a client that counts."""
MANY: dict[str, type[Base]] = {
    "download": Download,
    "purge": Purge,
    "ledger_entry": LedgerEntry,
}
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def export(engagement: Engagement) -> Iterator[str]:
    """``written`` for the connection that is open now."""
    with db.read() as session:
        epoch = open_epoch(session, engagement.id)
    yield from written(engagement, epoch)


def written(engagement: Engagement, epoch: Epoch | None) -> Iterator[str]:
    """The document in pieces of text, a row of a table on each line.

    Its last member is ``complete``: false where the connection ended in the middle, for nothing
    can be read from then on.
    """
    with db.read() as session:
        about = _about(session, engagement, epoch)
    opening = "{"
    for name, value in about.items():
        yield f"{opening}\n{_ENCODER.encode(name)}: {_ENCODER.encode(value)}"
        opening = ","
    yield ',\n"tables": {'
    complete = yield from _tables(epoch)
    yield f'\n}},\n"complete": {_ENCODER.encode(complete)}\n}}\n'


def _tables(epoch: Epoch | None) -> Generator[str, None, bool]:
    """Every table; returns whether each was read to its end."""
    complete, between = True, ""
    for table in tables():
        yield f'{between}\n"{table.name}": ['
        between, opening = ",", ""
        try:
            for row in rows(epoch.id, table) if epoch is not None and complete else ():
                yield f"{opening}\n{_ENCODER.encode(row)}"
                opening = ","
        except EpochClosed:
            complete = False
        yield "\n]" if opening else "]"
    return complete


def _about(session: Session, engagement: Engagement, epoch: Epoch | None) -> Json:
    firm = session.get_one(Firm, engagement.firm_id)
    return {
        "format": FORMAT,
        "version": VERSION,
        "taken_at": wire(now()),
        "held_by": firm.name,
        "allow_list_hash": manifest_hash(),
        "keys": None if epoch is None else SEALED,
        "engagement": _row(session, Engagement, Engagement.id == engagement.id),
        "connection": _row(session, Connection, Connection.engagement_id == engagement.id),
        "epoch": None if epoch is None else _row(session, Epoch, Epoch.id == epoch.id),
        "client_link": _row(session, ClientLink, ClientLink.engagement_id == engagement.id),
        "download": _rows(session, Download, Download.engagement_id == engagement.id),
        "purge": _rows(session, Purge, Purge.engagement_id == engagement.id),
        "ledger_entry": _rows(
            session,
            LedgerEntry,
            LedgerEntry.purge_handle.in_(
                select(Purge.handle).where(Purge.engagement_id == engagement.id)
            ),
        ),
    }


def _row(session: Session, model: type[Base], which: Any) -> Json | None:
    found = _rows(session, model, which)
    return found[0] if found else None


def _rows(session: Session, model: type[Base], which: Any) -> list[Json]:
    table = _table(model)
    keys = table.primary_key.columns
    found = session.execute(select(table).where(which).order_by(*keys)).mappings()
    write = writer(table)
    return [write(row) for row in found]


def _table(model: type[Base]) -> Table:
    return Base.metadata.tables[model.__tablename__]


def schema() -> Json:
    """The JSON schema of an export, made from the tables and the declaration."""
    about: dict[str, Json] = {
        "format": {"const": FORMAT},
        "version": {"const": VERSION},
        "taken_at": {"type": "string", "format": "date-time"},
        "held_by": {"type": "string"},
        "allow_list_hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "keys": {"enum": [SEALED, None]},
        **{name: _maybe(schema_of(_table(model))) for name, model in ONE.items()},
        **{name: _list(schema_of(_table(model))) for name, model in MANY.items()},
        "tables": _object({table.name: _list(schema_of(table)) for table in tables()}),
        "complete": {"type": "boolean"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Everything Tacit holds about one client",
        "description": (
            "Rows of `tables` hang from the open connection and go with it; all other members are "
            "Tacit's own records about the client. Pseudonyms are hexadecimal, codes are words, "
            "times are ISO 8601 in UTC. Left out is the id that ties a row to its connection, the "
            "same in every row. `complete` is false where the connection ended meanwhile."
        ),
        **_object(about),
        "$defs": vocabularies(),
    }


def schema_text() -> str:
    """The schema as ``docs/client-export.schema.json`` has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _object(properties: Mapping[str, Json]) -> Json:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _maybe(found: Json) -> Json:
    return {"anyOf": [found, {"type": "null"}]}
