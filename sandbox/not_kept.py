"""Places of PagerDuty's responses with a word, a number or a moment that Tacit must not store.

Their texts are canaries in every sandbox; these take one in a proof only, because PagerDuty sends
a word of its own, a count or a time there. A test of the proof compares the list with the
declaration.
"""

NOT_KEPT: dict[str, frozenset[str]] = {
    "/business_services": frozenset(
        {
            "/business_services/*/team/type",
            "/business_services/*/type",
        }
    ),
    "/change_events": frozenset(
        {
            "/change_events/*/integration/type",
            "/change_events/*/services/*/type",
            "/change_events/*/type",
        }
    ),
    "/escalation_policies": frozenset(
        {
            "/escalation_policies/*/services/*/type",
            "/escalation_policies/*/teams/*/type",
            "/escalation_policies/*/type",
        }
    ),
    "/incidents": frozenset(
        {
            "/incidents/*/alert_counts/resolved",
            "/incidents/*/alert_counts/triggered",
            "/incidents/*/alert_grouping/ended_at",
            "/incidents/*/alert_grouping/grouping_type",
            "/incidents/*/alert_grouping/started_at",
            "/incidents/*/assigned_via",
            "/incidents/*/assignments/*/assignee/type",
            "/incidents/*/assignments/*/at",
            "/incidents/*/body/type",
            "/incidents/*/escalation_policy/type",
            "/incidents/*/first_trigger_log_entry/type",
            "/incidents/*/incident_number",
            "/incidents/*/incident_type/name",
            "/incidents/*/incidents_responders/*/incident/type",
            "/incidents/*/incidents_responders/*/requester/type",
            "/incidents/*/incidents_responders/*/user/type",
            "/incidents/*/last_status_change_by/type",
            "/incidents/*/pending_actions/*/at",
            "/incidents/*/pending_actions/*/type",
            "/incidents/*/priority/type",
            "/incidents/*/resolve_reason/incident/type",
            "/incidents/*/responder_requests/*/incident/type",
            "/incidents/*/responder_requests/*/requester/type",
            "/incidents/*/responder_requests/*/responder_request_targets/*/incident_responders/*/incident/type",
            "/incidents/*/responder_requests/*/responder_request_targets/*/incident_responders/*/requested_at",
            "/incidents/*/responder_requests/*/responder_request_targets/*/incident_responders/*/updated_at",
            "/incidents/*/responder_requests/*/responder_request_targets/*/incident_responders/*/requester/type",
            "/incidents/*/responder_requests/*/responder_request_targets/*/incident_responders/*/state",
            "/incidents/*/responder_requests/*/responder_request_targets/*/incident_responders/*/user/type",
            "/incidents/*/responder_requests/*/responder_request_targets/*/type",
            "/incidents/*/service/type",
            "/incidents/*/teams/*/type",
            "/incidents/*/type",
            "/incidents/*/updated_at",
        }
    ),
    "/log_entries": frozenset(
        {
            "/log_entries/*/acknowledgement_timeout",
            "/log_entries/*/assignees/*/type",
            "/log_entries/*/channel/body_content_type",
            "/log_entries/*/channel/duration",
            "/log_entries/*/channel/notification/started_at",
            "/log_entries/*/channel/notification/status",
            "/log_entries/*/channel/notification/user/type",
            "/log_entries/*/contexts/*/type",
            "/log_entries/*/incident/type",
            "/log_entries/*/service/type",
            "/log_entries/*/teams/*/type",
            "/log_entries/*/user/type",
        }
    ),
    "/maintenance_windows": frozenset(
        {
            "/maintenance_windows/*/created_by/type",
            "/maintenance_windows/*/sequence_number",
            "/maintenance_windows/*/services/*/type",
            "/maintenance_windows/*/teams/*/type",
            "/maintenance_windows/*/type",
        }
    ),
    "/oncalls": frozenset(
        {
            "/oncalls/*/escalation_policy/type",
            "/oncalls/*/user/type",
        }
    ),
    "/paused_incident_reports/counts": frozenset(
        {
            "/paused_incident_reporting_counts/since",
            "/paused_incident_reporting_counts/until",
        }
    ),
    "/priorities": frozenset(
        {
            "/priorities/*/type",
        }
    ),
    "/schedules": frozenset(
        {
            "/schedules/*/escalation_policies/*/type",
            "/schedules/*/final_schedule/name",
            "/schedules/*/final_schedule/rendered_schedule_entries/*/user/type",
            "/schedules/*/overrides_subschedule/name",
            "/schedules/*/overrides_subschedule/rendered_schedule_entries/*/user/type",
            "/schedules/*/teams/*/type",
            "/schedules/*/type",
            "/schedules/*/users/*/type",
        }
    ),
    "/service_dependencies/business_services/{id}": frozenset(
        {
            "/relationships/*/type",
        }
    ),
    "/service_dependencies/technical_services/{id}": frozenset(
        {
            "/relationships/*/type",
        }
    ),
    "/services": frozenset(
        {
            "/services/*/alert_creation",
            "/services/*/alert_grouping_parameters/config/aggregate",
            "/services/*/alert_grouping_parameters/config/recommended_time_window",
            "/services/*/alert_grouping_parameters/config/time_window",
            "/services/*/alert_grouping_parameters/config/timeout",
            "/services/*/escalation_policy/type",
            "/services/*/integrations/*/type",
            "/services/*/scheduled_actions/*/at/name",
            "/services/*/scheduled_actions/*/at/type",
            "/services/*/scheduled_actions/*/to_urgency",
            "/services/*/scheduled_actions/*/type",
            "/services/*/support_hours/type",
            "/services/*/teams/*/type",
            "/services/*/type",
            "/services/*/updated_at",
        }
    ),
    "/teams": frozenset(
        {
            "/teams/*/type",
        }
    ),
    "/teams/{id}/members": frozenset(
        {
            "/members/*/user/type",
        }
    ),
    "/users": frozenset(
        {
            "/users/*/color",
            "/users/*/contact_methods/*/type",
            "/users/*/notification_rules/*/type",
            "/users/*/role",
            "/users/*/teams/*/type",
            "/users/*/type",
        }
    ),
    "/users/me": frozenset(
        {
            "/user/color",
            "/user/contact_methods/*/type",
            "/user/notification_rules/*/type",
            "/user/teams/*/type",
            "/user/time_zone",
            "/user/type",
        }
    ),
    "/v3/schedules": frozenset(
        {
            "/schedules/*/type",
        }
    ),
    "/v3/schedules/{id}": frozenset(
        {
            "/schedule/escalation_policies/*/type",
            "/schedule/final_schedule/computed_shift_assignments/*/type",
            "/schedule/final_schedule/type",
            "/schedule/rotations/*/events/*/assignment_strategy/shifts_per_member",
            "/schedule/rotations/*/events/*/assignment_strategy/type",
            "/schedule/rotations/*/events/*/end_time/date_time",
            "/schedule/rotations/*/events/*/end_time/time_zone",
            "/schedule/rotations/*/events/*/recurrence/*",
            "/schedule/rotations/*/events/*/start_time/date_time",
            "/schedule/rotations/*/events/*/start_time/time_zone",
            "/schedule/rotations/*/events/*/type",
            "/schedule/rotations/*/type",
            "/schedule/teams/*/type",
            "/schedule/type",
        }
    ),
}
