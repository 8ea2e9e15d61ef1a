"""What a failure means: wait and try again, or give up and say so."""

from sqlalchemy.exc import InterfaceError, OperationalError

from app.core.errors import Busy

DATABASE_UNAVAILABLE = (Busy, OperationalError, InterfaceError)
"""The database is busy, restarting or out of reach: the lease runs out, the work is put back."""

MOST_ATTEMPTS = 5
"""Claims without any progress before a piece of work is called failed."""

INTERNAL = "internal_error"
GAVE_UP = "gave_up"
REFUSED = "refused"
"""An assessment that can no longer be made as it was asked."""
