"""Maintenance windows: when a silent service was silenced on purpose."""

from collectors.fields import AllowListSchema, Id, listed
from collectors.numbers import Instant
from collectors.resource import Resource


class MaintenanceWindowSchema(AllowListSchema):
    TABLE = "maintenance_window"

    id = Id("maintenance_window", reason="count each window once", required=True)
    start_time = Instant(reason="begin of the maintenance")
    end_time = Instant(reason="end of the maintenance")
    services = listed("maintenance_window_service", "service", reason="what was silenced")
    teams = listed("maintenance_window_team", "team", reason="whose services were silenced")


MAINTENANCE_WINDOWS = Resource(
    name="maintenance_windows",
    path="/maintenance_windows",
    scope="services.read",
    purpose="When services were silenced on purpose. No figure of this version uses it yet.",
    without="Nothing in this version: planned silence is not told from quiet.",
    schema=MaintenanceWindowSchema,
    envelope="maintenance_windows",
    fixed_query={"filter": "all"},
)
