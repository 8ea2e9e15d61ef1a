"""Groups of resources and of options that several metrics name in their declarations.

Users are an extension: where the client leaves it out, zones come from schedules, and DQ-08 and
DQ-12 state what that costs. So no metric needs it.
"""

LIFECYCLE = ("incidents", "log_entries")
DUTY = ("schedules", "schedules_v3", "schedule_v3_details")
POLICIES = ("escalation_policies",)
REACH = (*POLICIES, *DUTY)
SERVICES = ("services", "escalation_policies")
EDGES = ("technical_dependencies", "business_dependencies", "business_services", "services")

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
