"""What a resource is: one endpoint, one way to request it, one schema that is kept of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from collectors.fields import AllowListSchema

MIB = 1024 * 1024


class Span(Enum):
    """Which range of time a resource is requested for."""

    NONE = "none"
    WINDOW = "since to until"
    RENDERED = "since to as_of and 14 days on, of what does not depend on time"
    WINDOW_TO_AS_OF = "since to as_of"


class Shape(Enum):
    """What the envelope of a response contains."""

    LIST = "a list of objects"
    ONE = "one object"
    WORDS = "a list of words"


class Refresh(Enum):
    """What a refresh requests again."""

    WHOLE = "the complete list; what it no longer contains is marked deleted"
    SINCE_LAST = "what is new since the last run, with an overlap"
    DAILY = "the complete list, once a day"


@dataclass(frozen=True, slots=True)
class Resource:
    """The declaration that egress, decoding, storage, consent page and manifest derive from."""

    name: str
    path: str
    """``{id}`` in it is replaced by the id of one object of ``parent``."""
    scope: str
    """The scope PagerDuty names for it; classic OAuth ``read`` covers it."""
    purpose: str
    without: str
    """What the assessment loses where plan or role do not give it."""
    schema: type[AllowListSchema]
    envelope: str
    """The key of the response that contains the records (or the one record)."""
    shape: Shape = Shape.LIST
    fixed_query: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    paged: bool = True
    page_size: int = 100
    span: Span = Span.NONE
    max_days: int | None = None
    """The longest range one request may name."""
    parent: str | None = None
    """The resource whose objects are requested one by one."""
    refresh: Refresh = Refresh.WHOLE
    moment: str | None = None
    """The column that places a record in the window."""
    clip: tuple[str, str] | None = None
    """Columns of begin and end, cut at the run's bounds before they are stored."""
    budget: str = "rest"
    """Which of PagerDuty's rate limits it counts against."""
    fallback: bool = False
    """Requested only where another resource of the same schema was refused."""
    extension: bool = False
    """Requested only where the client allowed it by name."""
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
        """``fixed_query`` with every value as a tuple: a key may occur more than once."""
        return {
            key: (value,) if isinstance(value, str) else value
            for key, value in self.fixed_query.items()
        }
