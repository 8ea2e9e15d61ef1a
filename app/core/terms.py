"""Terms: every date and duration that a deletion goes by, so that a test can make them short."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta


class TermsError(Exception):
    """A term is no number, or longer than what was promised; the message names it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Each may be made shorter by ``TACIT_<NAME>_SECONDS``, and none longer."""

    purge_deadline: timedelta = timedelta(hours=24)
    """From disconnect to the receipt."""
    purge_head_start: timedelta = timedelta(seconds=10)
    """A fresh purge is left to its job for so long before others do it."""
    purge_warning: timedelta = timedelta(hours=1)
    purge_alarm: timedelta = timedelta(hours=6)
    purge_stop: timedelta = timedelta(hours=12)
    """A purge that is older stops all collection."""
    retention: timedelta = timedelta(days=90)
    """From connect to deletion, at the latest."""
    after_end: timedelta = timedelta(days=14)
    """From the end of the engagement to deletion."""
    after_loss: timedelta = timedelta(hours=72)
    """From the loss of the grant to deletion, unless it is renewed."""
    confirmation: timedelta = timedelta(hours=1)
    """A date must be found to have passed twice, this far apart, before it deletes anything."""
    queue_patience: timedelta = timedelta(minutes=15)
    """A purge waits so long for an unreachable queue server, then goes on and says so."""
    revocation: timedelta = timedelta(seconds=3)
    """For PagerDuty to answer the withdrawal of a token."""
    clock_slack: timedelta = timedelta(minutes=5)
    """A clock that stands further behind what it was before is not believed."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Terms":
        """Read and check; raises TermsError."""
        told = {field.name: f"TACIT_{field.name.upper()}_SECONDS" for field in fields(cls)}
        most = cls()
        return cls(
            **{
                name: _shorter(variable, environ[variable], getattr(most, name))
                for name, variable in told.items()
                if environ.get(variable)
            }
        )


def _shorter(variable: str, value: str, most: timedelta) -> timedelta:
    try:
        term = timedelta(seconds=float(value))
    except (ValueError, OverflowError):
        term = timedelta(0)
    if not timedelta(0) < term <= most:
        raise TermsError(
            f"{variable} must be above 0 and at most {most.total_seconds():g}: it can only be "
            "made shorter."
        )
    return term
