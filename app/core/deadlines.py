"""Deadlines: every duration that a deletion depends on, so that a test can shorten it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta


class DeadlineError(Exception):
    """A deadline is not a number, or longer than promised; the message names it."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """``TACIT_<NAME>_SECONDS`` can shorten each of them, and extend none."""

    purge_deadline: timedelta = timedelta(hours=24)
    """From disconnect to the receipt."""
    purge_head_start: timedelta = timedelta(seconds=10)
    """The time a new purge is left to its job before the sweeper does it."""
    purge_warning: timedelta = timedelta(hours=1)
    purge_alarm: timedelta = timedelta(hours=6)
    purge_stop: timedelta = timedelta(hours=12)
    """A purge that is older stops all collection."""
    retention: timedelta = timedelta(days=90)
    """From connect to deletion, at the latest."""
    after_end: timedelta = timedelta(days=14)
    """From the end of the engagement to deletion."""
    after_loss: timedelta = timedelta(hours=72)
    """From the loss of the grant to deletion, unless the grant is renewed."""
    confirmation: timedelta = timedelta(hours=1)
    """A date deletes only after it was seen as passed twice, this far apart."""
    queue_patience: timedelta = timedelta(minutes=15)
    """How long a purge waits for an unavailable queue server before it goes on and states it."""
    revocation: timedelta = timedelta(seconds=3)
    """Time-out of the revocation of a token at PagerDuty."""
    clock_slack: timedelta = timedelta(minutes=5)
    """A clock that is further behind its former reading is not trusted."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Deadlines":
        """Read and check; raises DeadlineError."""
        variables = {field.name: f"TACIT_{field.name.upper()}_SECONDS" for field in fields(cls)}
        most = cls()
        return cls(
            **{
                name: _shorter(variable, environ[variable], getattr(most, name))
                for name, variable in variables.items()
                if environ.get(variable)
            }
        )


def _shorter(variable: str, value: str, most: timedelta) -> timedelta:
    try:
        found = timedelta(seconds=float(value))
    except (ValueError, OverflowError):
        found = timedelta(0)
    if not timedelta(0) < found <= most:
        raise DeadlineError(
            f"{variable} must be above 0 and at most {most.total_seconds():g}: it can only be "
            "made shorter."
        )
    return found
