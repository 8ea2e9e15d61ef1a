"""Paused incidents: how many alerts PagerDuty held back, as three counts."""

from collectors.fields import AllowListSchema
from collectors.numbers import Whole
from collectors.resource import Resource, Shape, Span


class PausedIncidentsSchema(AllowListSchema):
    TABLE = "paused_incidents"
    KEYS = ("position",)

    paused_count = Whole(reason="how many alerts were held back")
    triggered_after_pause_count = Whole(reason="how many of them became incidents")
    resolved_after_pause_count = Whole(reason="how many of them passed by themselves")


PAUSED_INCIDENTS = Resource(
    name="paused_incidents",
    path="/paused_incident_reports/counts",
    scope="incidents.read",
    purpose=("How much noise PagerDuty already holds back. No figure of this version uses it yet."),
    without="Nothing in this version: how many alerts are held back is not told.",
    schema=PausedIncidentsSchema,
    envelope="paused_incident_reporting_counts",
    shape=Shape.ONE,
    paged=False,
    span=Span.WINDOW,
    max_days=180,
)
