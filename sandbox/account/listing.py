"""What the REST side reads an account through, whatever the account is made of."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

Json = dict[str, object]
Window = tuple[int, int]
Facet = Callable[[int], Collection[str]]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a request wants of an object beyond its plain form (rendered schedules)."""

    includes: frozenset[str] = frozenset()
    window: Window | None = None
    zone: ZoneInfo | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One REST collection: `render` makes the JSON of a position, oldest position first.

    `times` (microseconds, ascending) is what since and until select on; `private` says
    whether a position belongs to a private team; `facets` serves filters by query key.
    """

    name: str
    size: int
    render: Callable[[int, Shape], Json]
    private: Callable[[int], bool] = lambda _: False
    facets: Mapping[str, Facet] = field(default_factory=dict)
    times: Sequence[int] | None = None
    newest_first: bool = False


class Shelf:
    """A listing with its two views: everything, and what a limited user may see."""

    def __init__(self, listing: Listing) -> None:
        self.listing = listing
        times = listing.times or ()
        visible = [n for n in range(listing.size) if not listing.private(n)]
        self._positions: dict[bool, Sequence[int]] = {True: range(listing.size), False: visible}
        self._times = {True: times, False: [times[n] for n in visible] if times else []}

    def select(
        self, *, sees_private: bool, window: Window | None, filters: Mapping[str, frozenset[str]]
    ) -> Sequence[int]:
        """Positions in the order of the answer; both edges of the window are inside it."""
        positions = self._positions[sees_private]
        if window is not None:
            times = self._times[sees_private]
            positions = positions[bisect_left(times, window[0]) : bisect_right(times, window[1])]
        for key, wanted in filters.items():
            facet = self.listing.facets[key]
            positions = [n for n in positions if not wanted.isdisjoint(facet(n))]
        return positions[::-1] if self.listing.newest_first else positions


@dataclass(frozen=True, slots=True)
class Authorizer:
    """One of the two people who can log in; `role` is PagerDuty's."""

    role: str
    id: str
    email: str
    body: Json


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    subdomain: str
    as_of: int
    people: int
    teams: int
    abilities: tuple[str, ...]
    authorizers: Mapping[str, Authorizer]
    shelves: Mapping[str, Shelf]

    def counts(self) -> dict[str, object]:
        """Objects per collection, for those who see everything and for a limited user."""
        both = {
            sees: {
                name: len(shelf.select(sees_private=sees, window=None, filters={}))
                for name, shelf in self.shelves.items()
            }
            for sees in (True, False)
        }
        return {
            **both[True],
            "people": self.people,
            "teams": self.teams,
            "visible_to_limited_user": both[False],
        }
