"""since and until as each endpoint reads them: what is missing, how wide, in which zone."""

from datetime import timedelta

from sandbox import instants
from sandbox.account.listing import Window
from sandbox.errors import BAD_REQUEST, RefusalError
from sandbox.rest.query import Args, instant

MAXIMUM_MONTHS = 6
MAXIMUM_ONCALL_DAYS = 90
_FORTNIGHT = 14 * instants.DAY
_UTC = ("Z", "+00:00", "-00:00", "+0000", "-0000")
_LATEST = 200 * 365 * instants.DAY


def incidents(args: Args, as_of: int) -> Window | None:
    """The last month unless said otherwise, at most six months; None for `date_range=all`.

    Raises RefusalError 400 code 2005 for a wider or an inverted range.
    """
    if args.get("date_range") == "all":
        return None
    until = instant(args, "until")
    until = as_of if until is None else until
    end = instants.to_datetime(until)
    since = instant(args, "since")
    if since is None:
        since = instants.from_datetime(instants.months_before(end, 1))
    earliest = instants.from_datetime(instants.months_before(end, MAXIMUM_MONTHS))
    if since > until or since < earliest:
        raise RefusalError(BAD_REQUEST, 2005, "The range must be at most six months.")
    return since, until


def log_entries(args: Args) -> Window | None:
    """Open-ended where since or until is missing: no default is documented."""
    since, until = instant(args, "since"), instant(args, "until")
    if since is None and until is None:
        return None
    return _ordered(0 if since is None else since, _LATEST if until is None else until)


def _ordered(since: int, until: int) -> Window:
    if since > until:
        raise RefusalError(BAD_REQUEST, 2005, "since is after until.")
    return since, until


def change_events(args: Args) -> Window | None:
    """As log entries, but in UTC only, in whichever way that is written."""
    for name in ("since", "until"):
        text = args.get(name)
        if text and not text.replace(" ", "+").endswith(_UTC):
            raise RefusalError(BAD_REQUEST, 2004, f"{name} must be in UTC.")
    return log_entries(args)


def oncalls(args: Args, as_of: int) -> Window:
    """This moment unless said otherwise, at most 90 days."""
    since, until = instant(args, "since"), instant(args, "until")
    if since is None:
        since = as_of if until is None else min(as_of, until)
    window = _ordered(since, since if until is None else until)
    if window[1] - window[0] > MAXIMUM_ONCALL_DAYS * instants.DAY:
        raise RefusalError(BAD_REQUEST, 2005, "The range must be at most 90 days.")
    return window


def paused(args: Args, as_of: int) -> Window:
    """The last month unless said otherwise; nothing older than six months."""
    until = instant(args, "until")
    until = as_of if until is None else until
    since = instant(args, "since")
    if since is None:
        since = instants.from_datetime(instants.to_datetime(until) - timedelta(days=30))
    earliest = instants.months_before(instants.to_datetime(as_of), MAXIMUM_MONTHS)
    if since < instants.from_datetime(earliest):
        raise RefusalError(BAD_REQUEST, 2005, "Reports go back six months.")
    return _ordered(since, until)


def rendering(args: Args) -> Window | None:
    """None without since and until; two weeks from the one given where the other is missing."""
    since, until = instant(args, "since"), instant(args, "until")
    if since is None and until is None:
        return None
    if since is None:
        since = (until or 0) - _FORTNIGHT
    if until is None:
        until = since + _FORTNIGHT
    if since >= until:
        raise RefusalError(BAD_REQUEST, 2005, "since is not before until.", field="since")
    return since, until
