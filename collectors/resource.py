"""What a resource is: one endpoint, asked one way, of which one schema is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from collectors.fields import AllowListSchema

MIB = 1024 * 1024


class Span(Enum):
    """Which stretch of time a resource is asked for."""

    NONE = "none"
    WINDOW = "since to until"
    RENDERED = "since to as_of and 14 days on, of what does not depend on time"
    WINDOW_TO_AS_OF = "since to as_of"


class Shape(Enum):
    """What stands under the envelope of an answer."""

    LIST = "a list of objects"
    ONE = "one object"
    WORDS = "a list of words"


class Refresh(Enum):
    """What a refresh asks again."""

    WHOLE = "the whole list; what it no longer holds is marked deleted"
    SINCE_LAST = "what is new since the last run, with an overlap"
    DAILY = "the whole, once a day"


@dataclass(frozen=True, slots=True)
class Resource:
    """The declaration that egress, decoding, storage, consent page and manifest derive from."""

    name: str
    path: str
    """``{id}`` in it stands for the id of one object of ``parent``."""
    scope: str
    """The scope PagerDuty names for it; classic OAuth ``read`` covers it."""
    purpose: str
    without: str
    """What the assessment loses where plan or role do not give it."""
    schema: type[AllowListSchema]
    envelope: str
    """The key of the answer that holds the records (or the one record)."""
    shape: Shape = Shape.LIST
    fixed_query: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    paged: bool = True
    page_size: int = 100
    span: Span = Span.NONE
    max_days: int | None = None
    """The longest range one request may name."""
    parent: str | None = None
    """The resource whose objects are asked for one by one."""
    refresh: Refresh = Refresh.WHOLE
    moment: str | None = None
    """The column that says to which moment of the window a record belongs."""
    clip: tuple[str, str] | None = None
    """Begin and end columns that are cut at the run's bounds before they are stored."""
    budget: str = "rest"
    """Which of PagerDuty's limits it counts against."""
    fallback: bool = False
    """Asked only where another resource of the same schema was refused."""
    extension: bool = False
    """Asked only where the client allowed it by name."""
    stored: bool = True
    max_bytes: int = 5 * MIB

    def query_keys(self) -> frozenset[str]:
        """Every query key a request may carry."""
        keys = set(self.fixed_query)
        if self.paged:
            keys |= {"limit", "offset", "total"}
        if self.span is not Span.NONE:
            keys |= {"since", "until"}
        return frozenset(keys)

    def fixed_values(self) -> dict[str, tuple[str, ...]]:
        """``fixed_query`` with every value as a tuple: a key may stand more than once."""
        return {
            key: (value,) if isinstance(value, str) else value
            for key, value in self.fixed_query.items()
        }
