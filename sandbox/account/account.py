"""An account as a whole: its collections, and what hangs below a single object."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sandbox import instants
from sandbox.account.listing import Json, Window
from sandbox.account.live_listing import LiveListing

HISTORY = 90 * instants.DAY


@dataclass(frozen=True, slots=True)
class Authorizer:
    """One of the two people who can log in; `role` is PagerDuty's."""

    role: str
    id: str
    email: str
    body: Json


@dataclass(frozen=True, slots=True)
class Edge:
    """A service dependency; its ends are (reference type, id)."""

    supporting: tuple[str, str]
    dependent: tuple[str, str]
    body: Json


@dataclass(frozen=True, slots=True)
class Account:
    """`listings` are the lists by the name of the collection; `oncalls` is made at
    its first request, because few need it and it is long."""

    id: str
    subdomain: str
    as_of: int
    people: int
    abilities: tuple[str, ...]
    authorizers: Mapping[str, Authorizer]
    listings: Mapping[str, LiveListing]
    oncalls: Callable[[], LiveListing]
    members: Mapping[str, Sequence[Json]] = field(default_factory=dict)
    edges: Sequence[Edge] = ()

    @property
    def history(self) -> Window:
        return self.as_of - HISTORY, self.as_of

    def edges_of(self, kind: str, object_id: str, *, sees_private: bool) -> list[Json] | None:
        """Both directions; None where there is no such service, or none that may be seen."""
        if not self._sees(kind, object_id, sees_private=sees_private):
            return None
        return [
            one.body
            for one in self.edges
            if (kind, object_id) in {one.supporting, one.dependent}
            and self.sees_edge(one, sees_private=sees_private)
        ]

    def sees_edge(self, edge: Edge, *, sees_private: bool) -> bool:
        ends = (edge.supporting, edge.dependent)
        return all(self._sees(*end, sees_private=sees_private) for end in ends)

    def _sees(self, kind: str, object_id: str, *, sees_private: bool) -> bool:
        name = "business_services" if kind.startswith("business") else "services"
        return self.listings[name].find(object_id, sees_private=sees_private) is not None
