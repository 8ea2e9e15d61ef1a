"""Sessions of PostgreSQL whose process has stopped in the middle of a statement, with its locks.

The server's own time-outs end a transaction in which nothing is asked for, and a statement that
takes too long. They do not end one of which a part is still to come: a process that is frozen while
it sends a page's rows holds them for as long as it is frozen. Some messages (Flush, Close) end the
first time-out and begin no other, while the state goes on saying idle (both seen with 15.18).
"""

from sqlalchemy import text

from app.core.logs import Event, event
from app.database.engine import APPLICATION
from app.extensions import db

_WRITER_SECONDS = 5.0
_READER_SECONDS = 120.0
"""As long as the server itself gives those that do nothing: `app/database/engine.py`."""
_END = text(
    """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
    AND application_name = :ours
    AND state <> 'idle' AND wait_event IN ('ClientRead', 'ClientWrite')
    AND clock_timestamp() - state_change > make_interval(secs => CASE
        WHEN backend_xid IS NOT NULL THEN :writer
        WHEN state = 'active' AND wait_event = 'ClientRead' THEN :writer
        ELSE :reader END)
    """
)
"""Who has locked a row has a transaction id. Each message of a statement begins its time anew: who
sends slowly is not hung. Not so a COPY, of which there is none here, but in an operator's dump:
hence the name."""


def end_hung() -> int:
    """End every session that has waited too long for its own process: how many. SQLite has none."""
    if db.engine.dialect.name != "postgresql":
        return 0
    with db.read() as session:
        asked = {"writer": _WRITER_SECONDS, "reader": _READER_SECONDS, "ours": APPLICATION}
        ended: int = sum(session.scalars(_END, asked))
    if ended:
        event(Event.HOLDER_KILLED, sessions=ended)
    return ended
