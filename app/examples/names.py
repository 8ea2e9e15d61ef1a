"""Names that an example may use beside the engine's own."""

from collections.abc import Mapping

from collectors.manifest import COLLECTED

ALSO_COLLECTIONS: Mapping[str, str] = {
    "service_dependencies": "technical_dependencies",
    "dependencies": "technical_dependencies",
    "v3_schedules": "schedules_v3",
    "schedule_v3": "schedules_v3",
    "on_calls": "oncalls",
}
COLLECTIONS = (*(each.name for each in COLLECTED), *ALSO_COLLECTIONS)
PARAMETERS: Mapping[str, str] = {
    "dora_excluded_urgencies": "excluded_urgencies",
    "account_time_zone": "time_zone",
    "account_zone": "time_zone",
    "timezone": "time_zone",
    "k": "minimum_group",
    "min_group": "minimum_group",
}
"""Names of options, and the option that each means."""
PLAIN_PARAMETERS = frozenset({"alpha", "dominance_share"})
"""Parameters of examples of plain numbers."""
