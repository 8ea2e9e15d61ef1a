"""Which resources a metric rests on: what is missing there puts a badge on its figures."""

from collections.abc import Mapping

_LIFECYCLE = ("incidents", "log_entries")
_DUTY = ("schedules", "schedules_v3", "schedule_v3_details")
_POLICIES = ("escalation_policies",)
_REACH = (*_POLICIES, *_DUTY)
_SERVICES = ("services", "escalation_policies")
_EDGES = ("technical_dependencies", "business_dependencies", "business_services", "services")

NEEDS: Mapping[str, tuple[str, ...]] = {
    "C2": (),
    "INC": _LIFECYCLE,
    "INC-01": ("incidents",),
    "INC-02": ("incidents",),
    "INC-15": (*_LIFECYCLE, "priorities"),
    "INC-16": ("incidents", "priorities", "services"),
    "INT": _LIFECYCLE,
    "INT-06": (*_LIFECYCLE, *_REACH),
    "INT-07": (*_LIFECYCLE, *_REACH),
    "ESC": (*_LIFECYCLE, *_REACH),
    "ESC-12": ("incidents",),
    "POL": _POLICIES,
    "POL-02": (*_REACH, "services"),
    "POL-04": _REACH,
    "POL-07": _REACH,
    "POL-08": (*_SERVICES, *_DUTY),
    "POL-09": (*_LIFECYCLE, "services"),
    "POL-10": (*_SERVICES, "teams"),
    "POL-11": ("log_entries", "escalation_policies"),
    "ONC": _DUTY,
    "ONC-01": _REACH,
    "ONC-09": (*_REACH, "services"),
    "ONC-10": _REACH,
    "ONC-12": (*_REACH, *_LIFECYCLE),
    "ONC-13": _REACH,
    "LOAD": (*_LIFECYCLE, *_REACH),
    "SVC": _EDGES,
    "SVC-01": ("incidents", "services"),
    "SVC-05": ("incidents", *_EDGES),
    "SVC-06": ("incidents", *_SERVICES),
    "SVC-08": ("incidents", *_EDGES),
    "NOI": _LIFECYCLE,
    "NOI-06": ("incidents",),
    "NOI-08": ("incidents",),
    "DOR": (*_LIFECYCLE, "change_events"),
    "DOR-01": ("change_events",),
    "DOR-07": ("incidents", "services", "change_events"),
    "TRD": _LIFECYCLE,
    "DQ": _LIFECYCLE,
    "DQ-02": _DUTY,
    "DQ-06": (),
    "DQ-08": _DUTY,
    "DQ-09": (),
    "DQ-10": (*_LIFECYCLE, "technical_dependencies", "business_dependencies"),
    "DQ-11": (),
    "DQ-12": (*_LIFECYCLE, *_REACH),
}
"""By metric id or family; an id counts before its family.

Users are an extension: where the client leaves it out, zones come from schedules, and DQ-08 and
DQ-12 say what that costs.
"""


def lacking(metric: str, missing: Mapping[str, str]) -> list[str]:
    """The resources a metric needs that are not complete.

    Raises KeyError for a metric of a family without an entry: it could not wear its badge.
    """
    family = metric.partition("-")[0]
    needed = NEEDS[metric] if metric in NEEDS else NEEDS[family]
    return [name for name in needed if name in missing]
