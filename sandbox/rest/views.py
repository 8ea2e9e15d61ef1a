"""The REST endpoints, all of them GET."""

from collections.abc import Callable

from flask import Blueprint, Response

from sandbox.rest import configuration, dependencies, history, schedules, shift_schedules

blueprint = Blueprint("rest", __name__)

_ROUTES: dict[str, Callable[..., Response]] = {
    "/abilities": configuration.abilities,
    "/users/me": configuration.me,
    "/users": configuration.users,
    "/priorities": configuration.priorities,
    "/teams": configuration.teams,
    "/teams/<team_id>/members": configuration.team_members,
    "/services": configuration.services,
    "/escalation_policies": configuration.escalation_policies,
    "/business_services": configuration.business_services,
    "/maintenance_windows": configuration.maintenance_windows,
    "/service_dependencies/technical_services/<service_id>": dependencies.technical,
    "/service_dependencies/business_services/<service_id>": dependencies.business,
    "/schedules": schedules.schedules,
    "/schedules/<schedule_id>": schedules.schedule,
    "/v3/schedules": shift_schedules.schedules,
    "/v3/schedules/<schedule_id>": shift_schedules.schedule,
    "/oncalls": history.oncalls,
    "/incidents": history.incidents,
    "/log_entries": history.log_entries,
    "/change_events": history.change_events,
    "/paused_incident_reports/counts": history.paused_counts,
}

for _rule, _view in _ROUTES.items():
    blueprint.add_url_rule(_rule, endpoint=_rule.replace(".", "_"), view_func=_view)
