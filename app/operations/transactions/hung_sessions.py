"""Sessions of PostgreSQL whose process is suspended in the middle of a statement, with its locks.

The server's own time-outs end an idle transaction, and a statement that takes too long. They do not
end a statement that is not sent completely: a process that is suspended while it sends a page's
rows keeps their locks. Some messages (Flush, Close) end the first time-out and start no other,
while the state stays idle (both seen with 15.18).
"""

from sqlalchemy import text

from app.core.logs import Event, event
from app.database.engine import APPLICATION, WRITER_SECONDS
from app.extensions import db

READER_SECONDS = 120.0
"""The server's own time-outs of idle transactions: `app/database/engine.py`."""
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
"""A session that has locked a row has a transaction id. Each message of a statement restarts its
time: a slow sender is not hung. A COPY does not restart it; only an operator's dump uses one: hence
the application's name."""


def end_hung() -> int:
    """End each session that has waited too long for its process; returns how many."""
    if db.engine.dialect.name != "postgresql":
        return 0
    with db.read() as session:
        parameters = {"writer": WRITER_SECONDS, "reader": READER_SECONDS, "ours": APPLICATION}
        ended: int = sum(session.scalars(_END, parameters))
    if ended:
        event(Event.HOLDER_KILLED, sessions=ended)
    return ended
