"""The fewest requests PagerDuty's page sizes allow for an account: the bound of a collection.

Written out beside the product's own declaration, whose pages might be smaller than they could be.
"""

from collections.abc import Mapping
from math import ceil

PAGE = 100
"""PagerDuty's most records a page (REST docs, Pagination)."""
SHIFT_SCHEDULE_PAGE = 1000
"""The same of ``/v3/schedules``."""
_LISTS = (
    "priorities",
    "teams",
    "services",
    "business_services",
    "escalation_policies",
    "schedules",
    "oncalls",
    "maintenance_windows",
    "change_events",
    "incidents",
    "log_entries",
)
_SINGLE = 3
"""The authorizer, the abilities, the counts of paused incidents."""
_ONE_EACH = ("services", "business_services", "schedules_v3")
"""Dependencies of each service, the rendering of each shift-based schedule: no list form."""


def floor(counts: Mapping[str, int]) -> int:
    """Requests for an account with ``counts`` of each collection; an empty list costs one."""
    lists = sum(max(1, ceil(counts[name] / PAGE)) for name in _LISTS)
    shift_schedules = max(1, ceil(counts["schedules_v3"] / SHIFT_SCHEDULE_PAGE))
    members = max(counts["teams"], ceil(counts["team_members"] / PAGE))
    return lists + shift_schedules + members + _SINGLE + sum(counts[name] for name in _ONE_EACH)
