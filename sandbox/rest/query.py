"""Query parameters as PagerDuty reads them."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from werkzeug.datastructures import MultiDict

from sandbox import instants
from sandbox.account.listing import Window
from sandbox.errors import BAD_REQUEST, RefusalError

Args = MultiDict[str, str]

MAXIMUM_MONTHS = 6
DEFAULT_LIMIT = 25
MAXIMUM_LIMIT = 100
MAXIMUM_POSITION = 10_000
_FORTNIGHT = 14 * instants.DAY
_LATEST = 200 * 365 * instants.DAY


def whole(args: Args, name: str, default: int, least: int) -> int:
    text = args.get(name, str(default))
    if not text.isdecimal() or int(text) < least:
        raise RefusalError(BAD_REQUEST, 2001, f"{name} must be a number from {least}.")
    return int(text)


def page_bounds(args: Args) -> tuple[int, int]:
    """(limit, offset); a limit above 100 is served as 100.

    Raises RefusalError 400 code 2002 beyond position 10,000.
    """
    limit = min(whole(args, "limit", DEFAULT_LIMIT, 1), MAXIMUM_LIMIT)
    offset = whole(args, "offset", 0, 0)
    if limit + offset > MAXIMUM_POSITION:
        raise RefusalError(
            BAD_REQUEST, 2002, "Offset+limit exceeds maximum allowed value of 10000."
        )
    return limit, offset


def zone(args: Args) -> ZoneInfo | None:
    name = args.get("time_zone")
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        raise RefusalError(BAD_REQUEST, 2001, "time_zone is not known.") from None


def instant(args: Args, name: str) -> int | None:
    text = args.get(name)
    if not text:
        return None
    try:
        # A plus sign that was not percent-encoded arrives as a space.
        return instants.parse(text.replace(" ", "+"), zone(args))
    except ValueError:
        raise RefusalError(BAD_REQUEST, 2004, f"{name} is not a date.") from None


def incident_window(args: Args, as_of: int) -> Window | None:
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


def log_window(args: Args) -> Window | None:
    """Open-ended where since or until is missing: no default is documented."""
    since, until = instant(args, "since"), instant(args, "until")
    if since is None and until is None:
        return None
    lower = 0 if since is None else since
    upper = _LATEST if until is None else until
    if lower > upper:
        raise RefusalError(BAD_REQUEST, 2005, "since is after until.")
    return lower, upper


def rendering_window(args: Args) -> Window | None:
    """None without since and until; two weeks from the one given where the other is missing."""
    since, until = instant(args, "since"), instant(args, "until")
    if since is None and until is None:
        return None
    if since is None:
        since = (until or 0) - _FORTNIGHT
    if until is None:
        until = since + _FORTNIGHT
    if since >= until:
        raise RefusalError(BAD_REQUEST, 2005, "since is not before until.")
    return since, until
