"""What is empty, unused, unowned or leads in a circle (POL-07, POL-08, POL-10, POL-11)."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.cases.columns import service_of
from app.assessment.figures import Value
from app.assessment.hours import DAY_US
from app.assessment.metric import Measure, metric
from app.assessment.metrics.policies.check_values import (
    counted,
    fact,
    failing_policies,
    part,
    policies_of,
)
from app.assessment.needs import DUTY, LIFECYCLE, REACH, SERVICES
from app.assessment.rows import Service
from app.assessment.scopes import Scope
from app.assessment.structure.lint import empty_levels, uncovered_levels

SILENT_DAYS = 180
"""A service without an incident for so long counts as unused (our judgment)."""


@metric(
    "POL-07",
    "Empty or uncovered levels",
    Measure("empty_levels", "Levels that reach nobody in the window", "count"),
    Measure("uncovered_levels", "Levels uncovered for more than 1 % of the time", "count"),
    Measure("level_uncovered_share", "Share of the time a level reaches nobody", "ratio"),
    Measure("policies_with_empty_level", "Policies with an empty level", "count"),
    Measure("policies_with_uncovered_level", "Policies with an uncovered level", "count"),
    levels="AE",
    chart="table",
    source="PagerDuty passes over a level on which nobody is on call; 1 % is our judgment",
    needs=REACH,
)
def uncovered(account: Account, scope: Scope) -> Iterable[Value]:
    """Levels whose schedules had nobody on call in the window, or nobody for more than 1 % of the
    time in which somebody is expected: the support hours where all services behind have them.

    A schedule that was not collected is not known, and no gap.
    """
    if scope.level == "policy":
        for policy in policies_of(account, scope):
            empty, open_ = empty_levels(policy), uncovered_levels(policy)
            for rule, share in zip(policy.rules, policy.uncovered, strict=True):
                key, known = f"L{rule.level}", share is not None
                yield fact("level_uncovered_share", share, int(known), key)
                for name, found in (("empty_levels", empty), ("uncovered_levels", open_)):
                    failing = int(rule.level in found) if known else None
                    yield fact(name, failing, int(known), key)
    yield from failing_policies(
        account, scope, "policies_with_empty_level", "policies_with_uncovered_level"
    )


@metric(
    "POL-08",
    "Unused configuration",
    Measure("services_behind", "Active services behind a policy", "count"),
    Measure("urgent_services_behind", "Of those, with high urgency", "count"),
    Measure("unused_policies", "Policies without a service", "count"),
    Measure("unused_policies_share", "Policies without a service, share", "ratio"),
    Measure("unused_schedules", "Schedules on no policy", "count", needs=DUTY),
    Measure("unused_schedules_share", "Schedules on no policy, share", "ratio", needs=DUTY),
    Measure("disabled_services", "Disabled services", "count"),
    Measure(
        "silent_services",
        "Active services without an incident for 180 days",
        "count",
        needs=("incidents",),
    ),
    Measure(
        "unused_services_share",
        "Share of services disabled or silent",
        "ratio",
        needs=("incidents",),
    ),
    levels="AE",
    chart="table",
    needs=SERVICES,
)
def unused(account: Account, scope: Scope) -> Iterable[Value]:
    """Policies that no service uses, schedules that no policy uses, services that are disabled or
    had no incident in the 180 days before the snapshot (and are older than that).

    A policy that only responder requests use looks unused: PagerDuty does not report such use.
    """
    if scope.level == "policy":
        for policy in policies_of(account, scope):
            yield fact("services_behind", len(policy.services))
            yield fact("urgent_services_behind", len(policy.urgent_services))
            yield from failing_policies(account, scope, "unused_policies")
        return
    policies = account.policies.all.values()
    schedules = {each.id for each in account.facts.schedules}
    idle = len(schedules - account.levels.schedules(account.policies.all))
    yield from counted("unused_policies", sum(not p.referenced for p in policies), len(policies))
    yield from counted("unused_schedules", idle, len(schedules))
    yield from _unused_services(account)


@metric(
    "POL-10",
    "Ownership",
    Measure("unowned_services", "Services without a team", "count"),
    Measure("unowned_services_share", "Services without a team that owns them, share", "ratio"),
    Measure("unowned_policies", "Policies without a team", "count"),
    Measure("unowned_policies_share", "Policies without a team, share", "ratio"),
    levels="A",
    chart="number",
    source="PagerDuty's operational review guide: one team for every service",
    needs=SERVICES,
    uses=("teams", "abilities"),
)
def ownership(account: Account, scope: Scope) -> Iterable[Value]:
    """Active services and policies that belong to no team.

    No value where the plan has no teams, or where that is not known and no team was collected.
    """
    known = has_teams(account)
    services = account.policies.services if known else []
    policies = list(account.policies.all.values()) if known else []
    yield from counted("unowned_services", sum(not s.teams for s in services), len(services))
    yield from counted("unowned_policies", sum(not p.teams for p in policies), len(policies))


@metric(
    "POL-11",
    "Loops between policies",
    Measure("delegations", "Delegations to another policy", "count"),
    Measure("delegated_incidents", "Incidents delegated", "count"),
    Measure("delegation_loops", "Incidents delegated back to where they began", "count"),
    levels="A",
    chart="graph",
    needs=LIFECYCLE,
)
def delegation_loops(account: Account, scope: Scope) -> Iterable[Value]:
    """Incidents that were delegated twice or more and ended on the policy of their service: they
    went from A to B and back to A.

    A rule cannot point to a policy, so only what happened can be seen; and a log entry does not
    name the policy that it delegates to, so a loop that never returns to A cannot be seen. The
    policy an incident began on is assumed to be its service's policy of today. ``n`` of the loops
    counts incidents delegated twice or more whose service still exists.
    """
    steps = [(case, _delegations(case)) for case in scope.cases]
    logged = any(case.timeline.logged for case in scope.cases)
    delegated = [number for _, number in steps if number]
    n = len(scope.places)
    yield fact("delegations", sum(delegated) if logged else None, n)
    yield fact("delegated_incidents", len(delegated) if logged else None, n)
    home = {each.id: each.escalation_policy_id for each in account.facts.services}
    again = [case.incident for case, number in steps if number > 1]
    known = [
        home[each.service_id] == each.escalation_policy_id
        for each in again
        if each.service_id is not None and each.service_id in home
    ]
    complete = logged and len(known) == len(again)
    yield fact("delegation_loops", sum(known) if complete or known else None, len(known))


def has_teams(account: Account) -> bool:
    """Whether the plan has teams; where its abilities are not known, whether any team exists."""
    facts = account.facts
    return "teams" in facts.abilities if facts.abilities else bool(facts.teams)


def _delegations(case: Case) -> int:
    return case.path.tokens.count("delegate")


def _unused_services(account: Account) -> Iterable[Value]:
    grouped = account.columns.words(service_of).places()
    seen = {
        service: account.cases[places[-1]].incident.created_at
        for service, places in grouped.items()
    }
    border = account.options.as_of - SILENT_DAYS * DAY_US
    active = account.policies.services
    n = len(account.facts.services)
    disabled = n - len(active)
    silent = sum(_is_silent(each, seen.get(each.id), border) for each in active)
    yield fact("disabled_services", disabled if n else None, n)
    yield fact("silent_services", silent if n else None, n)
    yield part("unused_services_share", disabled + silent, n)


def _is_silent(service: Service, seen: int | None, border: int) -> bool:
    known = (service.last_incident_at, service.created_at, seen)
    return all(each < border for each in known if each is not None)
