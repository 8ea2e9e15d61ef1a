"""Abilities: what the client's plan offers, and whether the grant still stands."""

from collectors.fields import AllowListSchema
from collectors.numbers import Code
from collectors.resource import Resource, Shape
from collectors.vocabularies import Vocabulary

# PagerDuty documents no list: these are the words seen in recorded answers.
ABILITY = Vocabulary(
    "ability",
    (
        "sso",
        "advanced_reports",
        "teams",
        "read_only_users",
        "team_responders",
        "service_support_hours",
        "urgencies",
        "manage_schedules",
        "manage_api_keys",
        "coordinated_responding",
        "coordinated_responding_preview",
        "using_alerts_on_any_service",
        "event_rules",
        "beta_custom_actions",
        "preview_incident_alert_split",
        "permissions_service",
        "on_call_selfie",
        "features_in_use_preventing_downgrade_to",
        "feature_to_plan_map",
        "event_intelligence",
        "aiops",
        "preview_intelligent_alert_grouping",
        "time_based_alert_grouping",
        "incident_correlation",
        "similar_incidents",
        "analytics_recommendations",
        "event_intelligence_datadog_widget",
        "response_automation",
        "rundeck_actions",
        "incident_workflows",
        "automation_actions",
        "global_rulesets",
        "dynamic_notifications",
        "change_events",
        "advanced_permissions",
        "mobile_schedules",
        "operations_console",
        "mobile_analytics",
        "mobile_home_analytics_v1",
        "status_dashboard_advanced",
        "subscribers_status_updates",
        "status_update_integration",
        "advanced_ticketing_integrations",
        "incident_priority_activated",
        "beta_conference_calls",
        "tags",
        "premium_custom_fields",
        "enable_custom_fields_on_incidents",
    ),
)


class AbilitySchema(AllowListSchema):
    TABLE = "ability"
    KEYS = ("position",)

    word = Code(ABILITY, reason="what the plan lacks is not held against the team", required=True)


ABILITIES = Resource(
    name="abilities",
    path="/abilities",
    scope="abilities.read",
    purpose="Which features the plan offers, and whether the grant still stands.",
    without="Features that the plan lacks look like features that nobody uses.",
    schema=AbilitySchema,
    envelope="abilities",
    shape=Shape.WORDS,
    paged=False,
)
