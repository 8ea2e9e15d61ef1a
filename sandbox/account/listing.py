"""The interface through which the REST API reads an account, generated or from a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

Json = dict[str, object]
Window = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a request wants of an object beyond its plain form.

    `includes` are values of `include[]`, `window` and `zone` are for renderings;
    `detail` is the form of the endpoint for a single object.
    """

    includes: frozenset[str] = frozenset()
    window: Window | None = None
    zone: ZoneInfo | None = None
    detail: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """One REST collection: `render` makes the JSON of a position, oldest position first.

    `identify` gives the id of a position. `times` (microseconds, ascending) is what since and
    until select on; where objects last, `spans` are their two ends instead, None being open.
    `private` says whether a position belongs to a private team.
    """

    name: str
    size: int
    render: Callable[[int, Shape], Json]
    identify: Callable[[int], str]
    private: Callable[[int], bool] = lambda _: False
    times: Sequence[int] | None = None
    spans: Sequence[tuple[int | None, int | None]] | None = None
    newest_first: bool = False
