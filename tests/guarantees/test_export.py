"""Everything stored about a client, and nothing of another: the export is the database's dump."""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from sqlalchemy import Table, insert, select, text, update

from app.core.clock import now, to_microseconds
from app.extensions import db
from app.models import (
    ApiRequest,
    Base,
    Download,
    Engagement,
    Epoch,
    Token,
    WindowObject,
    new_handle,
)
from app.operations.client import link as client_link
from app.operations.client.export import MANY, ONE, export, schema, schema_text
from app.operations.client.holdings import SEALED, tables
from app.operations.deletion.disconnect import disconnect
from tests.guarantees.test_epochs import database, two_tenants

__all__ = ["database"]
ROOT = Path(__file__).resolve().parents[2]
NOT_THE_CLIENTS = {
    "firm": "who stores it: the export names it",
    "member": "people of the firm",
    "web_session": "browsers of the firm's members",
    "heartbeat": "processes",
    "allow_list": "declarations of ours",
}
LEFT_OUT = {"epoch_id"}
"""The same in every row: whose it is the export says at its head."""
Json = dict[str, Any]


@pytest.fixture
def tenants() -> tuple[Engagement, bytes, str, Engagement]:
    """One client with more than a row in some tables; and another."""
    (mine, epoch_id, _), (other, _, _) = two_tenants()
    with db.write() as session:
        window = session.scalars(select(WindowObject).where(WindowObject.epoch_id == epoch_id))
        first = window.one().window_id
        session.execute(
            insert(WindowObject),
            [
                {"window_id": first, "object": os.urandom(16), "epoch_id": epoch_id}
                for _ in range(25)
            ],
        )
        session.execute(
            insert(ApiRequest),
            [
                {
                    "epoch_id": epoch_id,
                    "method": "GET",
                    "path": "/teams/{id}/members",
                    "asked_at": now() + timedelta(seconds=number),
                    "status": None,
                    "kept": number,
                    "dropped": 0,
                }
                for number in range(25)
            ],
        )
        client_link.make(session, mine)
        handle = session.get_one(Epoch, epoch_id).handle
    return mine, epoch_id, handle, other


def _exported(engagement: Engagement) -> Json:
    document: Json = json.loads("".join(export(engagement)))
    return document


def _dump(table: Table, epoch_id: bytes) -> list[dict[str, Any]]:
    with db.read() as session:
        found = session.execute(
            text(f'SELECT * FROM "{table.name}" WHERE epoch_id = :id'),  # noqa: S608
            {"id": epoch_id},
        )
        return [dict(row) for row in found.mappings()]


def _stored(value: Any, schema_of: Json, words: Json) -> Any:
    """What the database has, read back from the export by its schema alone."""
    if value is None:
        return None
    schema_of = schema_of["anyOf"][0] if "anyOf" in schema_of else schema_of
    if "$ref" in schema_of:
        return words[schema_of["$ref"].rpartition("/")[2]]["enum"].index(value)
    if "pattern" in schema_of:
        return bytes.fromhex(value)
    if schema_of.get("format") == "date-time":
        return to_microseconds(_instant(value))
    return int(value) if isinstance(value, bool) else value


def _instant(value: str) -> Any:
    return type(now()).fromisoformat(value)


def _plain(value: Any) -> Any:
    """A value of a driver, as it can be compared."""
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, bool):
        return int(value)
    return value


def _comparable(row: dict[str, Any]) -> str:
    def spelled(value: Any) -> str:
        if isinstance(value, str):
            # SQLite gives JSON as text.
            value = json.loads(value) if value[:1] in {"{", "["} else value
        return repr(_plain(value))

    return repr(sorted((name, spelled(value)) for name, value in row.items()))


@pytest.mark.parametrize("chunk", [3, 5_000])
def test_the_export_is_the_dump_of_the_database(
    tenants: tuple[Engagement, bytes, str, Engagement], monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr("app.operations.client.holdings.CHUNK", chunk)
    engagement, epoch_id, _, _ = tenants
    document, schema_of = _exported(engagement), schema()
    rows_of = schema_of["properties"]["tables"]["properties"]
    assert document["tables"].keys() == {table.name for table in tables()}
    for table in tables():
        columns = rows_of[table.name]["items"]["properties"]
        exported = [
            _comparable({n: _stored(v, columns[n], schema_of["$defs"]) for n, v in row.items()})
            for row in document["tables"][table.name]
        ]
        dump = [
            {name: value for name, value in row.items() if name not in LEFT_OUT}
            for row in _dump(table, epoch_id)
        ]
        if table.name == "token":
            dump = [{**row, "sealed": SEALED} for row in dump]
        assert dump, table.name
        assert sorted(exported) == sorted(map(_comparable, dump)), table.name


def test_the_export_is_what_its_schema_says(
    tenants: tuple[Engagement, bytes, str, Engagement],
) -> None:
    validator = OAS31Validator(schema())
    document = _exported(tenants[0])
    assert list(validator.iter_errors(document)) == []
    assert document["complete"] is True
    document["tables"]["incident"][0]["title"] = "a title"
    assert list(validator.iter_errors(document)) != []


def test_the_published_schema_is_that_of_the_code() -> None:
    assert (ROOT / "docs" / "client-export.schema.json").read_text() == schema_text()


def test_no_table_slips_past_the_export() -> None:
    exported = {table.name for table in tables()} | ONE.keys() | MANY.keys()
    assert exported | NOT_THE_CLIENTS.keys() == set(Base.metadata.tables)
    assert not exported & NOT_THE_CLIENTS.keys()


def test_secrets_are_listed_in_the_export_without_their_value(
    tenants: tuple[Engagement, bytes, str, Engagement],
) -> None:
    engagement, epoch_id, _, _ = tenants
    whole = "".join(export(engagement))
    with db.read() as session:
        token = session.get_one(Token, epoch_id)
        link = client_link.standing(session, engagement)
        assert link is not None
        assert token.sealed.hex() not in whole
        assert link.digest.hex() not in whole
    document = json.loads(whole)
    assert document["keys"] == SEALED
    assert [row["sealed"] for row in document["tables"]["token"]] == [SEALED]


def test_nothing_of_another_client_is_in_it(
    tenants: tuple[Engagement, bytes, str, Engagement],
) -> None:
    engagement, epoch_id, _, other = tenants
    with db.write() as session:
        for owner in (engagement, other):
            session.add(
                Download(
                    handle=new_handle(),
                    engagement_id=owner.id,
                    epoch_handle=new_handle(),
                    assessment_handle=new_handle(),
                    file="report.json",
                    made_at=now(),
                    size=1,
                    sha256=os.urandom(32),
                )
            )
        purge = disconnect(session, other).purge.handle
    whole = "".join(export(engagement))
    with db.read() as session:
        foreign = [
            session.scalars(
                select(Download.handle).where(Download.engagement_id == other.id)
            ).one(),
            *session.scalars(select(Epoch.handle).where(Epoch.id != epoch_id)),
        ]
    for handle in (*foreign, other.handle, purge):
        assert handle not in whole
    assert len(json.loads(whole)["download"]) == 1


def test_after_the_end_nothing_collected_is_in_it_and_the_promise_is(
    tenants: tuple[Engagement, bytes, str, Engagement],
) -> None:
    engagement = tenants[0]
    with db.write() as session:
        purge = disconnect(session, engagement).purge.handle
    document = _exported(engagement)
    assert not any(document["tables"].values())
    assert document["epoch"] is document["keys"] is None
    assert [row["handle"] for row in document["purge"]] == [purge]
    assert [row["kind"] for row in document["ledger_entry"]] == ["promise"]
    assert list(OAS31Validator(schema()).iter_errors(document)) == []


def test_an_export_interrupted_by_a_disconnect_says_that_it_is_incomplete(
    tenants: tuple[Engagement, bytes, str, Engagement], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.operations.client.holdings.CHUNK", 3)
    engagement = tenants[0]

    def overtaken() -> Iterator[str]:
        for piece in export(engagement):
            yield piece
            if '"window_object"' in piece:
                with db.write() as session:
                    session.execute(update(Epoch).values(closed_at=now()))

    document = json.loads("".join(overtaken()))
    assert document["complete"] is False
    assert document["tables"]["api_request"]
    assert document["tables"]["window_object"] == []
    assert list(OAS31Validator(schema()).iter_errors(document)) == []
