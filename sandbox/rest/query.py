"""Query parameters as PagerDuty reads them."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from werkzeug.datastructures import MultiDict

from sandbox import instants
from sandbox.errors import BAD_REQUEST, RefusalError

Args = MultiDict[str, str]

DEFAULT_LIMIT = 25
MAXIMUM_LIMIT = 100
MAXIMUM_POSITION = 10_000


def whole(args: Args, name: str, default: int, least: int) -> int:
    text = args.get(name, str(default))
    if not text.isdecimal() or int(text) < least:
        raise RefusalError(BAD_REQUEST, 2001, f"{name} must be a number from {least}.", field=name)
    return int(text)


def page_bounds(
    args: Args, default: int = DEFAULT_LIMIT, most: int = MAXIMUM_LIMIT
) -> tuple[int, int]:
    """(limit, offset); a limit above the most is served as the most.

    Raises RefusalError 400 code 2002 beyond position 10,000.
    """
    limit = min(whole(args, "limit", default, 1), most)
    offset = whole(args, "offset", 0, 0)
    if limit + offset > MAXIMUM_POSITION:
        raise RefusalError(
            BAD_REQUEST,
            2002,
            "Offset+limit exceeds maximum allowed value of 10000.",
            field="offset",
        )
    return limit, offset


def flag(args: Args, name: str) -> bool:
    return args.get(name) == "true"


def zone(args: Args) -> ZoneInfo | None:
    name = args.get("time_zone")
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        raise RefusalError(
            BAD_REQUEST, 2001, "time_zone is not known.", field="time_zone"
        ) from None


def instant(args: Args, name: str) -> int | None:
    text = args.get(name)
    if not text:
        return None
    try:
        # A plus sign that was not percent-encoded arrives as a space.
        return instants.parse(text.replace(" ", "+"))
    except ValueError:
        raise RefusalError(BAD_REQUEST, 2004, f"{name} is not a date.", field=name) from None
