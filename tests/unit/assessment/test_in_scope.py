"""Teams and services in scope: what belongs to them, what it rests on, and nothing else."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from app.assessment.engine import assess
from app.assessment.in_scope import in_scope
from app.assessment.rows import (
    Dependency,
    EscalationPolicy,
    Facts,
    Schedule,
    Service,
)
from tests.factories.rows import (
    DAY,
    HOUR,
    MONDAY,
    change,
    entry,
    facts,
    incident,
    name_of,
    options,
    pseudonym,
    rule,
    shift,
)


def _service(name: str, policy: str, *teams: str) -> Service:
    return Service(
        id=pseudonym(name),
        status="active",
        created_at=MONDAY - DAY,
        last_incident_at=None,
        escalation_policy_id=pseudonym(policy),
        acknowledgement_timeout_s=None,
        auto_resolve_timeout_s=None,
        urgency="high",
        support_hours=None,
        integrations=1,
        teams=_ids(teams),
    )


def _ids(names: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(pseudonym(name) for name in names)


def _names(rows: Iterable[bytes]) -> set[str]:
    return {name_of(row) for row in rows}


def _facts() -> Facts:
    """Shop and pay of team red on the policy hot, mail of team blue on cold; spare ones idle."""
    found = facts(
        [
            incident("in shop", service="shop", policy="hot", teams=["red"]),
            incident("in pay", service="pay", policy="hot", teams=["red"]),
            incident("in mail", service="mail", policy="cold", teams=["blue"]),
            incident("moved", service="mail", policy="hot", teams=["red", "blue"]),
            incident("nowhere", service=None, policy=None),
        ],
        [entry(name, "trigger", MONDAY) for name in ("in shop", "in mail", "moved", "nowhere")],
        [rule(1, "rota hot", policy="hot"), rule(1, "rota cold", policy="cold")],
        changes=[change("both", MONDAY, "pay", "mail"), change("mails", MONDAY, "mail")],
        shifts=[
            shift(rota, MONDAY, MONDAY + HOUR, "ann")
            for rota in ("rota hot", "rota cold", "rota spare")
        ],
    )
    return replace(
        found,
        services=[
            _service("shop", "hot", "red"),
            _service("pay", "hot", "red"),
            _service("mail", "cold", "blue"),
        ],
        escalation_policies=[
            EscalationPolicy(pseudonym("hot"), 0, _ids(["red"])),
            EscalationPolicy(pseudonym("cold"), 0, _ids(["blue"])),
            EscalationPolicy(pseudonym("spare"), 0, _ids(["red"])),
        ],
        schedules=[
            Schedule(pseudonym("rota hot"), None, frozenset(), ()),
            Schedule(pseudonym("rota cold"), None, frozenset(), ()),
            Schedule(pseudonym("rota spare"), None, frozenset(), _ids(["blue"])),
        ],
        dependencies=[
            Dependency("service", pseudonym("shop"), "service", pseudonym("mail")),
            Dependency("service", pseudonym("pay"), "service", pseudonym("shop")),
            Dependency("service", pseudonym("mail"), "business_service", pseudonym("sales")),
        ],
        teams=_ids(["red", "blue"]),
    )


def _scoped(*, teams: Iterable[str] = (), services: Iterable[str] = ()) -> Facts:
    question = replace(options(), teams=_ids(teams), services=_ids(services))
    return in_scope(_facts(), question)


def test_where_nothing_is_named_everything_is_in_scope() -> None:
    found = _facts()
    assert in_scope(found, options()) is found


def test_a_service_includes_its_incidents_their_log_and_its_policy() -> None:
    found = _scoped(services=["mail"])
    assert _names(each.id for each in found.incidents) == {"in mail", "moved"}
    assert _names(each.incident_id for each in found.log_entries) == {"in mail", "moved"}
    assert _names(each.id for each in found.services) == {"mail"}
    # One of its incidents went to another policy: who answered it is read there.
    assert _names(each.id for each in found.escalation_policies) == {"hot", "cold"}
    assert _names(each.id for each in found.schedules) == {"rota hot", "rota cold"}
    assert _names(each.id for each in found.change_events) == {"both", "mails"}
    assert len(found.dependencies) == 2


def test_a_team_includes_its_own_objects_and_those_they_use() -> None:
    found = _scoped(teams=["red"])
    assert _names(each.id for each in found.incidents) == {"in shop", "in pay", "moved"}
    assert _names(each.id for each in found.services) == {"shop", "pay"}
    assert _names(each.id for each in found.escalation_policies) == {"hot", "spare"}
    assert _names(each.escalation_policy_id for each in found.escalation_rules) == {"hot"}
    assert _names(each.id for each in found.schedules) == {"rota hot"}
    assert _names(each.schedule_id for each in found.schedule_entries) == {"rota hot"}
    assert _names(each.id for each in found.change_events) == {"both"}
    assert _names(found.teams) == {"red"}
    blue = _scoped(teams=["blue"])
    assert _names(each.id for each in blue.schedules) == {"rota hot", "rota cold", "rota spare"}


def test_teams_and_services_together_select_their_intersection() -> None:
    found = _scoped(teams=["red"], services=["mail", "pay"])
    assert _names(each.id for each in found.incidents) == {"in pay", "moved"}
    assert _names(each.id for each in found.services) == {"pay"}


@pytest.mark.parametrize("named", [{"teams": ["nobody"]}, {"services": ["nothing"]}])
def test_an_unknown_id_includes_nothing(named: dict[str, list[str]]) -> None:
    found = _scoped(**named)
    assert (found.incidents, found.log_entries, found.services) == ([], [], [])
    assert (found.escalation_policies, found.schedule_entries) == ([], [])


def test_the_engine_counts_only_what_is_in_scope() -> None:
    def incidents(teams: Iterable[str] = (), services: Iterable[str] = ()) -> float | None:
        question = replace(options(), teams=_ids(teams), services=_ids(services))
        figures = assess(_facts(), question).figures
        return next(f.value for f in figures if f.measure == "incident_count" and f.of is None)

    assert incidents() == 5
    assert incidents(services=["shop"]) == 1
    assert incidents(teams=["red"]) == 3
    assert incidents(teams=["red", "blue"]) == 4
