"""Tables of records, made from the collectors' declaration: there are no other columns."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
)
from sqlalchemy.types import TypeEngine

from app.models.base import Base, Bytes16
from collectors import layout as declared
from collectors.manifest import COLLECTED
from collectors.pseudonyms import PSEUDONYM_BYTES

_Part = Column[int] | Column[bytes] | CheckConstraint
_LONGEST_NAME = 63
"""PostgreSQL cuts longer names off."""
_TYPES: dict[str, type[TypeEngine[int]]] = {
    "instant": BigInteger,
    "whole": Integer,
    "count": Integer,
    "time_of_day": Integer,
    "code": SmallInteger,
    "flag": SmallInteger,
    "days": SmallInteger,
}


def _pseudonym(table: str, name: str, *, key: bool, required: bool) -> list[_Part]:
    check = CheckConstraint(f"length({name}) = {PSEUDONYM_BYTES}", name=f"{table}_{name}_length")
    column: Column[bytes] = Column(
        name, LargeBinary(PSEUDONYM_BYTES), primary_key=key, nullable=not (key or required)
    )
    return [column, check]


def _stored(table: str, column: declared.Column, *, key: bool) -> list[_Part]:
    if column.storage == "pseudonym":
        return _pseudonym(table, column.name, key=key, required=column.required)
    parts: list[_Part] = [Column(column.name, _TYPES[column.storage], nullable=not column.required)]
    if column.highest is not None:
        within = f"{column.name} BETWEEN 0 AND {column.highest}"
        name = f"{table}_{column.name}_{column.storage}"
        if len(name) > _LONGEST_NAME:
            name = f"{column.name}_{column.storage}"
        parts.append(CheckConstraint(within, name=name))
    return parts


def _keys(layout: declared.TableLayout) -> list[_Part]:
    parts: list[_Part] = []
    for key in layout.keys:
        if key.endswith("position"):
            parts.append(Column(key, Integer, primary_key=True, autoincrement=False))
        elif key != "id":
            parts += _pseudonym(layout.name, key, key=True, required=True)
    return parts


def _table(metadata: MetaData, layout: declared.TableLayout, *, top: bool) -> Table:
    own = [
        part
        for column in layout.columns
        for part in _stored(layout.name, column, key=column.name in layout.keys)
    ]
    return Table(
        layout.name,
        metadata,
        Column("epoch_id", Bytes16, ForeignKey("epoch.id", ondelete="CASCADE"), primary_key=True),
        *_keys(layout),
        *own,
        Column("run_id", Integer, nullable=False),
        *([Column("deleted_at", BigInteger, nullable=True)] if top else []),
        info={"collected": True, "top": top},
        sqlite_with_rowid=False,
    )


def _tables(metadata: MetaData) -> dict[str, Table]:
    # Two resources may fill the same tables: each is made once.
    layouts = {
        layout.name: (layout, layout == found[0])
        for found in (declared.layout(resource.schema) for resource in COLLECTED)
        for layout in found
    }
    return {name: _table(metadata, layout, top=top) for name, (layout, top) in layouts.items()}


RECORD_TABLES: dict[str, Table] = _tables(Base.metadata)
"""``deleted_at`` is ours: when a complete list no longer contained the record (microseconds)."""
