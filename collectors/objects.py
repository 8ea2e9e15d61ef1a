"""Ids of objects that are requested one by one: in memory only, and never shown."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ObjectId:
    """One PagerDuty id, to fill ``{id}`` of a path; what may be stored is the pseudonym."""

    raw: str = field(repr=False)
    pseudonym: bytes
