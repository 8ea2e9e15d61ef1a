"""Closed vocabularies: PagerDuty's words as small numbers.

A word that PagerDuty adds later becomes ``OTHER`` and is counted, never stored as text.
Stored codes depend on the order: words are only added at the end.
Words: PagerDuty OpenAPI document, schemas Incident, LogEntry, Channel, Notification,
EscalationTargetReference, EscalationRule, Service, Relationship, ShiftSource, Team, User.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

OTHER = 0
OTHER_WORD = "other"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    name: str
    words: tuple[str, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    suffix: str = ""
    """A word may end in it and means the same."""
    prefixed: bool = False
    """A word may stand behind another and a ``_``, and means the same."""

    def codes(self) -> dict[str, int]:
        """Word to code; aliases included, ``other`` left out."""
        codes = {word: number for number, word in enumerate(self.words, start=1)}
        codes |= {alias: codes[word] for alias, word in self.aliases.items()}
        return codes | {f"{word}{self.suffix}": code for word, code in codes.items()}

    def by_code(self) -> dict[int, str]:
        """Code to word, with 0 for ``other``."""
        return {OTHER: OTHER_WORD} | dict(enumerate(self.words, start=1))


STATUS = Vocabulary("incident_status", ("triggered", "acknowledged", "resolved"))
URGENCY = Vocabulary("urgency", ("high", "low"))
RESOLVE_REASON = Vocabulary("resolve_reason", ("merge_resolve_reason",))
_INTEGRATION_KINDS = (
    "aws_cloudwatch_",
    "cloudkick_",
    "event_transformer_api_",
    "events_api_v2_",
    "generic_email_",
    "generic_events_api_",
    "keynote_",
    "nagios_",
    "pingdom_",
    "sql_monitor_",
    "",
)
"""PagerDuty OpenAPI document, schema IntegrationReference."""
_INTEGRATIONS = {
    f"{kind}inbound_integration{suffix}": "integration"
    for kind in _INTEGRATION_KINDS
    for suffix in ("", "_reference")
}
ACTOR = Vocabulary(
    "actor",
    ("user", "service", "integration"),
    {
        "user_reference": "user",
        "service_reference": "service",
        "integration_reference": "integration",
        **_INTEGRATIONS,
    },
)
TARGET = Vocabulary(
    "escalation_target",
    ("user", "schedule"),
    {
        "user_reference": "user",
        "schedule_reference": "schedule",
        "schedule_v3": "schedule",
        "schedule_v3_reference": "schedule",
    },
)
CHANNEL = Vocabulary(
    "channel",
    (
        "auto",
        "email",
        "api",
        "nagios",
        "timeout",
        "sms",
        "website",
        "web_trigger",
        "note",
        "mobile",
        "notification",
        "phone",
        "push_notification",
    ),
)
_UNDOCUMENTED_LOG_ENTRIES = (
    "priority_change_log_entry",
    "responder_request_log_entry",
    "status_update_log_entry",
    "reopen_log_entry",
)
"""Types that PagerDuty sends and does not document."""
LOG_ENTRY = Vocabulary(
    "log_entry",
    (
        "trigger_log_entry",
        "acknowledge_log_entry",
        "unacknowledge_log_entry",
        "assign_log_entry",
        "escalate_log_entry",
        "delegate_log_entry",
        "notify_log_entry",
        "resolve_log_entry",
        "snooze_log_entry",
        "urgency_change_log_entry",
        "repeat_escalation_path_log_entry",
        "exhaust_escalation_path_log_entry",
        "reach_ack_limit_log_entry",
        "reach_trigger_limit_log_entry",
        "annotate_log_entry",
        "field_value_change_log_entry",
        "custom_field_value_change_log_entry",
        *_UNDOCUMENTED_LOG_ENTRIES,
    ),
    {"acknowledgement_log_entry": "acknowledge_log_entry"},
    suffix="_reference",
)
PLANNED_ACTION = Vocabulary(
    "planned_action", ("unacknowledge", "escalate", "resolve", "urgency_change")
)
ROLE = Vocabulary(
    "role",
    (
        "owner",
        "admin",
        "user",
        "limited_user",
        "observer",
        "restricted_access",
        "read_only_user",
        "read_only_limited_user",
    ),
)
TEAM_ROLE = Vocabulary("team_role", ("manager", "responder", "observer"))
TEAM_ACCESS = Vocabulary("team_access", ("manager", "none"))
NOTIFICATION = Vocabulary(
    "notification",
    ("push_notification", "sms_notification", "phone_notification", "email_notification"),
    prefixed=True,
)
"""Older clients name the device, or its push service, before it: ``ios_push_notification``."""
RESPONDER_STATE = Vocabulary("responder_state", ("pending", "joined", "declined", "user_cancelled"))
SERVICE_STATUS = Vocabulary(
    "service_status", ("active", "warning", "critical", "maintenance", "disabled")
)
URGENCY_RULE = Vocabulary("urgency_rule", ("constant", "use_support_hours"))
RULE_URGENCY = Vocabulary("rule_urgency", ("high", "low", "severity_based"))
ALERT_GROUPING = Vocabulary("alert_grouping", ("time", "intelligent", "content_based"))
ASSIGNMENT = Vocabulary("assignment_strategy", ("assign_to_everyone", "round_robin"))
HANDOFF = Vocabulary("handoff_notifications", ("if_has_services", "always"))
SCHEDULE_KIND = Vocabulary(
    "schedule_kind",
    ("schedule", "schedule_v3"),
    {"schedule_reference": "schedule", "schedule_v3_reference": "schedule_v3"},
)
SHIFT_SOURCE = Vocabulary(
    "shift_source",
    ("schedule_rotation", "custom_shift", "schedule_rotation_override", "custom_shift_override"),
)
SHIFT_MEMBER = Vocabulary("shift_member", ("user_member", "empty_member"))
SERVICE_KIND = Vocabulary(
    "service_kind",
    ("service", "business_service"),
    {
        "service_reference": "service",
        "technical_service": "service",
        "technical_service_reference": "service",
        "business_service_reference": "business_service",
    },
)
