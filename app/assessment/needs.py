"""Groups of resources and of options that several metrics name in their declarations."""

from collections.abc import Mapping

LIFECYCLE = ("incidents", "log_entries")
ZONES = ("users",)
"""Only where the client lets people be read: zones come from schedules else, and DQ-08 and DQ-12
state what that costs."""
DUTY = ("schedules", "schedules_v3", "schedule_v3_details")
POLICIES = ("escalation_policies",)
REACH = (*POLICIES, *DUTY)
SERVICES = ("services", "escalation_policies")
EDGES = ("technical_dependencies", "business_dependencies", "business_services", "services")
LEVEL_NEEDS: Mapping[str, Mapping[str, str]] = {
    "team": {"schedules": "escalation_policies", "change_events": "services"},
    "service": {"escalation_policies": "services"},
}
"""By level, what decides which of the records of a resource belong to a place."""

MERGE_OPTIONS = ("interruption_merge_s",)
BAND_OPTIONS = ("bands", *MERGE_OPTIONS)
STORM_OPTIONS = ("storm_window_s", "storm_threshold")
CHANGE_OPTIONS = (
    "excluded_urgencies",
    "attribution_window_s",
    "change_dedupe_s",
    "exclude_transient",
    "transient_s",
)
