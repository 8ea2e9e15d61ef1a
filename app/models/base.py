"""What every table shares."""

import re
import secrets
from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from app.core.clock import from_microseconds, to_microseconds

HANDLE_LENGTH = 16
HANDLE = re.compile(f"[0-9a-f]{{{HANDLE_LENGTH}}}")
EPOCH_ID_BYTES = 16


class Base(DeclarativeBase):
    """The metadata of every table."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as microseconds since 1970 on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To microseconds; a naive datetime is refused by the subtraction."""
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """To an aware datetime."""
        return None if value is None else from_microseconds(value)


Bytes16 = LargeBinary(EPOCH_ID_BYTES)


def new_handle() -> str:
    """16 random hexadecimal digits: the only name of ours that leaves the database."""
    return secrets.token_hex(HANDLE_LENGTH // 2)
