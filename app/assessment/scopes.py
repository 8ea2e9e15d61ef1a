"""What a figure is about: the account, a team, a service, a policy, a schedule, an hour, a week."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import attrgetter

import numpy as np

from app.assessment.account import Account
from app.assessment.cases.columns import Places, created_at, policy_of, service_of
from app.assessment.hours import HOURS_OF_WEEK
from app.assessment.scope import LEVELS, Level, Scope

__all__ = ["LEVELS", "Level", "Scope", "scopes_of", "urgent_scopes_of"]


def scopes_of(account: Account, level: Level) -> Sequence[Scope]:
    """Every scope of one level, in the order of their ids; made once per account."""
    found = account.scopes.get(level)
    if found is None:
        found = account.scopes[level] = _MAKERS[level](account)
    return found


def urgent_scopes_of(account: Account, level: Level) -> Sequence[Scope]:
    """The same scopes, of high-urgency incidents only; made once per account."""
    kept = f"{level} of high urgency"
    found = account.scopes.get(kept)
    if found is None:
        every = scopes_of(account, level)
        found = account.scopes[kept] = [scope.high_urgency() for scope in every]
    return found


def _scope(
    account: Account,
    level: Level,
    number: str | None,
    places: Sequence[int] | Places,
    *,
    services: Iterable[bytes] = (),
    policies: Iterable[bytes] = (),
    schedules: Iterable[bytes] = (),
    bounds: tuple[int, int] | None = None,
) -> Scope:
    since, until = bounds or (account.options.since, account.options.until)
    return Scope(
        level=level,
        id=number,
        since=since,
        until=until,
        services=frozenset(services),
        policies=frozenset(policies),
        schedules=frozenset(schedules),
        window_places=np.array(places, dtype=np.int64),
        columns=account.columns,
    )


def _account(account: Account) -> list[Scope]:
    return [_everything(account, "account", None, range(len(account.cases)), None)]


def _everything(
    account: Account,
    level: Level,
    number: str | None,
    places: Sequence[int] | Places,
    bounds: tuple[int, int] | None,
) -> Scope:
    facts = account.facts
    return _scope(
        account,
        level,
        number,
        places,
        services=[each.id for each in facts.services],
        policies=[each.id for each in facts.escalation_policies],
        schedules=[each.id for each in facts.schedules],
        bounds=bounds,
    )


def _teams(account: Account) -> list[Scope]:
    grouped: defaultdict[bytes, list[int]] = defaultdict(list)
    for number, teams in enumerate(map(attrgetter("incident.teams"), account.cases)):
        for team in set(teams):
            grouped[team].append(number)
    facts = account.facts
    known = set(facts.teams) | set(grouped)
    scopes = []
    for team in sorted(known):
        policies = [p.id for p in facts.escalation_policies if team in p.teams]
        own = {s.id for s in facts.schedules if team in s.teams}
        scopes.append(
            _scope(
                account,
                "team",
                team.hex(),
                grouped[team],
                services=[s.id for s in facts.services if team in s.teams],
                policies=policies,
                schedules=own | account.levels.schedules(policies),
            )
        )
    return scopes


def _services(account: Account) -> list[Scope]:
    grouped = account.columns.words(service_of).places()
    behind = {each.id: each.escalation_policy_id for each in account.facts.services}
    scopes = []
    for service in sorted(behind.keys() | grouped.keys()):
        policy = behind.get(service)
        policies = () if policy is None else (policy,)
        scopes.append(
            _scope(
                account,
                "service",
                service.hex(),
                grouped.get(service, ()),
                services=(service,),
                policies=policies,
                schedules=account.levels.schedules(policies),
            )
        )
    return scopes


def _policies(account: Account) -> list[Scope]:
    grouped = account.columns.words(policy_of).places()
    known = {each.id for each in account.facts.escalation_policies}
    behind: defaultdict[bytes | None, list[bytes]] = defaultdict(list)
    for service in account.facts.services:
        behind[service.escalation_policy_id].append(service.id)
    return [
        _scope(
            account,
            "policy",
            policy.hex(),
            grouped.get(policy, ()),
            services=behind[policy],
            policies=(policy,),
            schedules=account.levels.schedules((policy,)),
        )
        for policy in sorted(known | grouped.keys())
    ]


def _schedules(account: Account) -> list[Scope]:
    return [
        _scope(account, "schedule", schedule.id.hex(), (), schedules=(schedule.id,))
        for schedule in sorted(account.facts.schedules)
    ]


def _hours(account: Account) -> list[Scope]:
    """Local hours of the week in the account's zone; all 168, also those without incidents."""
    created = account.columns.numbers(created_at).astype(np.int64)
    cells = account.clock.cells(created)
    return [
        _everything(account, "hour", name, np.flatnonzero(cells == cell), None)
        for cell, name in enumerate(HOURS_OF_WEEK)
    ]


def _weeks(account: Account) -> list[Scope]:
    """Whole ISO weeks of the account's zone; what the window cuts is left out (TRD-01)."""
    scopes = []
    for week in account.weeks:
        cases = account.created_between(week.start, week.end)
        places = [case.number for case in cases]
        scopes.append(_everything(account, "week", week.name, places, (week.start, week.end)))
    return scopes


_MAKERS = {
    "account": _account,
    "team": _teams,
    "service": _services,
    "policy": _policies,
    "schedule": _schedules,
    "hour": _hours,
    "week": _weeks,
}
