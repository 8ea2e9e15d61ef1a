"""Which resources a metric rests on: what is missing there puts a badge on its figures."""

from collections.abc import Mapping

_LIFECYCLE = ("incidents", "log_entries")
_PATHS = (*_LIFECYCLE, "escalation_policies", "schedules", "schedules_v3", "schedule_v3_details")
_DUTY = ("schedules", "schedules_v3", "schedule_v3_details")

NEEDS: Mapping[str, tuple[str, ...]] = {
    "INC": _LIFECYCLE,
    "ESC": _PATHS,
    "ONC": _DUTY,
    "LOAD": (*_LIFECYCLE, *_DUTY, "escalation_policies"),
    "DQ": _LIFECYCLE,
    "C2": (),
}
"""By metric id or family; the longest match counts."""


def lacking(metric: str, missing: Mapping[str, str]) -> list[str]:
    """The resources a metric needs that are not complete.

    Raises KeyError for a metric of a family without an entry: it could not wear its badge.
    """
    family = metric.partition("-")[0]
    needed = NEEDS.get(metric) or NEEDS[family]
    return [name for name in needed if name in missing]
