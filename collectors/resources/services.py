"""Services: their policy and team, their urgency and their timers."""

from collectors.fields import AllowListSchema, Id, One, listed, reference
from collectors.numbers import Code, Count, Days, Flag, Instant, TimeOfDay, Whole, Zone
from collectors.resource import Resource
from collectors.vocabularies import ALERT_GROUPING, RULE_URGENCY, SERVICE_STATUS, URGENCY_RULE


class HoursUrgencySchema(AllowListSchema):
    type = Code(URGENCY_RULE, reason="whether the urgency is fixed in these hours")
    urgency = Code(RULE_URGENCY, reason="how urgent an incident is in these hours")


class UrgencyRuleSchema(AllowListSchema):
    type = Code(URGENCY_RULE, reason="whether urgency depends on the hour")
    urgency = Code(RULE_URGENCY, reason="a fixed high urgency uses no urgency at all")
    during_support_hours = One(HoursUrgencySchema, reason="urgency in support hours")
    outside_support_hours = One(HoursUrgencySchema, reason="urgency outside support hours")


class SupportHoursSchema(AllowListSchema):
    time_zone = Zone(reason="support hours are local")
    days_of_week = Days(reason="days on which cover is expected")
    start_time = TimeOfDay(reason="from when cover is expected")
    end_time = TimeOfDay(reason="until when cover is expected")


class AlertGroupingSchema(AllowListSchema):
    type = Code(ALERT_GROUPING, reason="whether alerts are grouped into one incident")


class AutoPauseSchema(AllowListSchema):
    enabled = Flag(reason="whether short alerts are held back")
    timeout = Whole(reason="for how many seconds they are held back")


class ServiceSchema(AllowListSchema):
    TABLE = "service"

    id = Id("service", reason="tell services apart without naming them", required=True)
    status = Code(SERVICE_STATUS, reason="a disabled service is not judged")
    created_at = Instant(reason="a new service has no history to judge")
    last_incident_timestamp = Instant(reason="a service without an incident for long is unused")
    escalation_policy = reference("escalation_policy", reason="which policy answers")
    acknowledgement_timeout = Whole(reason="seconds until an acknowledgement lapses")
    auto_resolve_timeout = Whole(reason="seconds until an incident resolves by itself")
    incident_urgency_rule = One(UrgencyRuleSchema, reason="how urgency is decided")
    support_hours = One(SupportHoursSchema, reason="when cover is expected")
    alert_grouping_parameters = One(AlertGroupingSchema, reason="how alerts become incidents")
    auto_pause_notifications_parameters = One(AutoPauseSchema, reason="how noise is held back")
    integrations = Count(reason="a service without any cannot raise incidents by itself")
    teams = listed("service_team", "team", reason="which team owns the service")


SERVICES = Resource(
    name="services",
    path="/services",
    scope="services.read",
    purpose="Which escalation policy and team answer for which service, and its timers.",
    without="No figures per service; dependencies, timers and ownership are not judged.",
    schema=ServiceSchema,
    envelope="services",
)
