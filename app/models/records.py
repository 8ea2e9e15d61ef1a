"""Tables of records, made from the collectors' declaration: no column exists beside it."""

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
_TYPES: dict[str, type[TypeEngine[int]]] = {
    "instant": BigInteger,
    "whole": Integer,
    "code": SmallInteger,
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
    if column.vocabulary is not None:
        highest = len(column.vocabulary.words)
        parts.append(
            CheckConstraint(
                f"{column.name} BETWEEN 0 AND {highest}", name=f"{table}_{column.name}_code"
            )
        )
    return parts


def _keys(layout: declared.TableLayout) -> list[_Part]:
    parts: list[_Part] = []
    for key in layout.keys:
        if key.endswith("position"):
            parts.append(Column(key, Integer, primary_key=True, autoincrement=False))
        elif key != "id":
            parts += _pseudonym(layout.name, key, key=True, required=True)
    return parts


def _table(metadata: MetaData, layout: declared.TableLayout) -> Table:
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
        info={"collected": True},
        sqlite_with_rowid=False,
    )


RECORD_TABLES: dict[str, Table] = {
    layout.name: _table(Base.metadata, layout)
    for resource in COLLECTED
    for layout in declared.layout(resource.schema)
}
