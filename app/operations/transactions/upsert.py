"""INSERT ... ON CONFLICT, which SQLAlchemy has for each dialect apart."""

from sqlalchemy import FromClause
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.models import Base


def insert_into(
    session: Session, table: type[Base] | FromClause
) -> postgresql.Insert | sqlite.Insert:
    """An insert that can name what happens on a conflict, in the session's dialect."""
    postgres = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(table) if postgres else sqlite.insert(table)  # type: ignore[arg-type]
