"""Chunks: up to 5,000 rows of an epoch at a time, in the order in which the disk has them."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Delete, Table, column, delete, func, literal, select, tuple_
from sqlalchemy.orm import Session
from sqlalchemy.types import UserDefinedType

CHUNK = 5000


class _Tid(UserDefinedType[str]):
    """Where PostgreSQL stores a row: page and position."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Its name in SQL."""
        return "tid"


_PLACE: ColumnElement[str] = column("ctid", _Tid())


def chunks(session: Session, table: Table, epoch_id: bytes) -> Iterable[Delete]:
    """A statement for every 5,000 rows of the epoch; fewer rows are left then.

    Only on PostgreSQL, whose index still has the deleted rows: each search for the next 5,000
    would read all of them again.
    """
    if session.get_bind().dialect.name != "postgresql":
        return []
    own = table.c.epoch_id == epoch_id
    number = func.row_number().over(order_by=_PLACE).label("number")
    places = select(_PLACE, number).select_from(table).where(own).subquery()
    last = places.c.number % CHUNK == 0
    ends = session.scalars(select(places.c.ctid).where(last).order_by(places.c.number)).all()
    begins = ("(0,0)", *ends)
    return [
        delete(table).where(own, _at(begin) < _PLACE, _at(end) >= _PLACE)
        for begin, end in zip(begins, ends, strict=False)
    ]


def some(table: Table, epoch_id: bytes, dialect: str) -> Delete:
    """A statement for up to 5,000 rows in any place."""
    own = table.c.epoch_id == epoch_id
    if dialect == "postgresql":
        few = select(_PLACE).select_from(table).where(own).limit(CHUNK).scalar_subquery()
        place = _PLACE
        return delete(table).where(place == func.any(func.array(few)))
    keys = table.primary_key.columns
    return delete(table).where(tuple_(*keys).in_(select(*keys).where(own).limit(CHUNK)))


def _at(place: str) -> ColumnElement[str]:
    return literal(place).cast(_Tid)
