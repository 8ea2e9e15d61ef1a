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
    RENDERED = "since to until, of what does not depend on time"
    WINDOW_TO_AS_OF = "since to as_of"


@dataclass(frozen=True, slots=True)
class Resource:
    """The declaration that egress, decoding, storage, consent page and manifest derive from."""

    name: str
    path: str
    scope: str
    """The scope PagerDuty names for it; classic OAuth ``read`` covers it."""
    purpose: str
    schema: type[AllowListSchema]
    envelope: str
    """The key of the answer that holds the records (or the one record)."""
    fixed_query: Mapping[str, str] = field(default_factory=dict)
    paged: bool = True
    span: Span = Span.NONE
    max_days: int | None = None
    """The longest range one request may name."""
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
