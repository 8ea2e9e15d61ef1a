"""A company drawn by chance: people, teams, rotas, policies, services, changes, incidents, logs."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b

from app.assessment.options import AssessmentOptions
from app.assessment.rows import (
    AddedResponder,
    BusinessService,
    ChangeEvent,
    Dependency,
    EscalationPolicy,
    EscalationRule,
    EscalationTarget,
    Facts,
    Gathered,
    Incident,
    LogEntry,
    Oncall,
    Responder,
    Schedule,
    ScheduleEntry,
    Service,
    SupportHours,
    TeamMember,
)
from tests.factories.rows import DAY, HOUR, MINUTE, MONDAY, SECOND, WEEK

_ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", None)
_CHANNELS = ("push_notification", "sms_notification", "phone_notification", None)
_PRIORITIES = 4


def known_as(name: str) -> bytes:
    """A pseudonym that looks like one: no part of it occurs by accident."""
    return blake2b(name.encode(), digest_size=16).digest()


def entry_of(incident: Incident, kind: str, at: int, **more: object) -> LogEntry:
    """A log entry of an incident by nobody, with what ``more`` says."""
    blank = LogEntry(
        id=known_as(f"{incident.id.hex()} {kind} {at}"),
        incident_id=incident.id,
        created_at=at,
        type=f"{kind}_log_entry",
        agent_type=None,
        agent_id=None,
        channel_type=None,
        assignees=(),
    )
    return blank._replace(**more)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Size:
    people: int = 24
    teams: int = 3
    services: int = 8
    incidents: int = 400
    weeks: int = 8


def people(size: Size) -> list[bytes]:
    """All people, by pseudonym."""
    return [known_as(f"person {number}") for number in range(size.people)]


def window(size: Size) -> AssessmentOptions:
    """The company's whole weeks."""
    until = MONDAY + size.weeks * WEEK
    return AssessmentOptions(since=MONDAY, until=until, as_of=until + 6 * HOUR)


def company(seed: int, size: Size | None = None) -> Facts:
    """One policy, two rotas and some services for each team; logs as PagerDuty writes them."""
    return _Company(random.Random(seed), size or Size()).facts()  # noqa: S311 - no secret


class _Company:
    def __init__(self, chance: random.Random, size: Size) -> None:
        self.chance = chance
        self.size = size
        self.people = people(size)
        self.teams = [known_as(f"team {number}") for number in range(size.teams)]
        self.services = [known_as(f"service {number}") for number in range(size.services)]
        self.crews = [self.people[number :: size.teams] for number in range(size.teams)]
        self.priorities = [known_as(f"priority {number}") for number in range(_PRIORITIES)]

    def facts(self) -> Facts:
        incidents = [self.incident(number) for number in range(self.size.incidents)]
        numbers = range(self.size.teams)
        return Facts(
            incidents=incidents,
            log_entries=[entry for each in incidents for entry in self.log(each)],
            escalation_rules=[rule for team in numbers for rule in self.rules(team)],
            schedules=[schedule for team in numbers for schedule in self.schedules(team)],
            schedule_entries=[shift for team in numbers for shift in self.shifts(team)],
            overrides=[self.override(team) for team in numbers],
            escalation_policies=[
                EscalationPolicy(self.policy(team), self.chance.randrange(3), (self.teams[team],))
                for team in numbers
            ],
            services=[self.service(number) for number in range(self.size.services)],
            business_services=[BusinessService(known_as("shop"), self.teams[0])],
            dependencies=list(self.dependencies()),
            oncalls=[
                Oncall(
                    escalation_policy_id=self.policy(team),
                    level=1,
                    user_id=self.crews[team][0],
                    schedule_id=None,
                    start=None,
                    end=None,
                )
                for team in numbers
            ],
            change_events=[self.change(number) for number in range(self.size.incidents // 4)],
            responders=[Responder(each, self.chance.choice(_ZONES)) for each in self.people],
            team_members=[
                TeamMember(self.teams[team], each) for team in numbers for each in self.crews[team]
            ],
            teams=self.teams,
            priorities=self.priorities,
            abilities=frozenset({"teams"}),
            gathered=Gathered(resources=14, refused=1, windows=60),
        )

    def policy(self, team: int) -> bytes:
        return known_as(f"policy {team}")

    def rota(self, team: int, level: int) -> bytes:
        return known_as(f"rota {team} {level}")

    def rules(self, team: int) -> list[EscalationRule]:
        first, second = (EscalationTarget("schedule", self.rota(team, level)) for level in (1, 2))
        boss = EscalationTarget("user", self.crews[team][0])
        return [
            EscalationRule(self.policy(team), 1, 5, (first,)),
            EscalationRule(self.policy(team), 2, 15, (second,)),
            EscalationRule(self.policy(team), 3, 30, (boss,)),
        ]

    def schedules(self, team: int) -> list[Schedule]:
        crew = frozenset(self.crews[team])
        zone = _ZONES[team % len(_ZONES)]
        return [
            Schedule(self.rota(team, level), zone, crew, (self.teams[team],)) for level in (1, 2)
        ]

    def shifts(self, team: int) -> Iterator[ScheduleEntry]:
        """Each day a person, eight hours apart on the second level; now and then nobody."""
        for level in (1, 2):
            for day in range(self.size.weeks * 7 + 14):
                start = MONDAY + day * DAY + level * 8 * HOUR
                person = None if self.chance.random() < 0.03 else self.crews[team][day % 6]
                yield ScheduleEntry(self.rota(team, level), start, start + DAY, person)

    def override(self, team: int) -> ScheduleEntry:
        start = MONDAY + self.chance.randrange(7) * DAY
        return ScheduleEntry(self.rota(team, 1), start, start + 4 * HOUR, self.crews[team][1])

    def service(self, number: int) -> Service:
        team = number % self.size.teams
        hours = SupportHours("Europe/Berlin", 9 * 3600, 17 * 3600, frozenset({1, 2, 3, 4, 5}))
        return Service(
            id=self.services[number],
            status="active",
            created_at=MONDAY - 40 * WEEK,
            last_incident_at=None,
            escalation_policy_id=self.policy(team),
            acknowledgement_timeout_s=self.chance.choice([None, 1800]),
            auto_resolve_timeout_s=self.chance.choice([None, 14_400]),
            urgency=self.chance.choice(["high", "severity_based", None]),
            support_hours=self.chance.choice([None, hours]),
            integrations=self.chance.randrange(4),
            teams=(self.teams[team],),
        )

    def dependencies(self) -> Iterator[Dependency]:
        yield Dependency("service", self.services[0], "business_service", known_as("shop"))
        for number in range(1, self.size.services):
            below = self.services[self.chance.randrange(number)]
            yield Dependency("service", self.services[number], "service", below)

    def change(self, number: int) -> ChangeEvent:
        at = MONDAY + self.chance.randrange(self.size.weeks * WEEK)
        service = self.chance.choice(self.services)
        return ChangeEvent(known_as(f"change {number}"), at, known_as("pipeline"), (service,))

    def incident(self, number: int) -> Incident:
        chance = self.chance
        service = chance.randrange(self.size.services)
        team = service % self.size.teams
        at = MONDAY + chance.randrange(self.size.weeks * WEEK)
        ended = None if chance.random() < 0.05 else at + int(chance.expovariate(1 / (2 * HOUR)))
        question = at + 10 * MINUTE
        helper = AddedResponder(
            chance.choice(["joined", "pending"]),
            question,
            question + 5 * MINUTE,
            self.crews[team][2],
        )
        helped = chance.random() < 0.1
        return Incident(
            id=known_as(f"incident {number}"),
            created_at=at,
            resolved_at=ended,
            last_status_change_at=ended or at,
            status="triggered" if ended is None else "resolved",
            urgency=chance.choice(["high", "high", "high", "low"]),
            merged=ended is not None and chance.random() < 0.05,
            service_id=self.services[service],
            escalation_policy_id=self.policy(team),
            acknowledged_at=None,
            priority_id=chance.choice([None, *self.priorities]),
            alerts=chance.randrange(1, 6),
            teams=(self.teams[team],),
            responders=(helper,) if helped else (),
            requests=(question,) if helped else (),
        )

    def log(self, incident: Incident) -> Iterator[LogEntry]:
        """Trigger, page, perhaps an escalation and its page, acknowledgement, resolution."""
        chance = self.chance
        team = self.teams.index(incident.teams[0])
        crew: Sequence[bytes] = self.crews[team]
        at, entry = incident.created_at, partial(entry_of, incident)
        first, second = crew[(at - MONDAY) // DAY % 6], chance.choice(crew)
        yield entry("trigger", at, agent_type="service", channel_type="api")
        yield entry("assign", at, agent_type="service", assignees=(first,))
        answering = first
        page = {"agent_type": "service", "notification": chance.choice(_CHANNELS)}
        yield entry("notify", at + 2 * SECOND, user_id=first, **page)
        if chance.random() < 0.2:
            late = at + 5 * MINUTE
            yield entry("escalate", late, agent_type="service", channel_type="timeout")
            yield entry("assign", late, agent_type="service", assignees=(second,))
            yield entry("notify", late + SECOND, user_id=second, **page)
            answering = second
        acked = at + int(chance.expovariate(1 / (6 * MINUTE)))
        human = {"agent_type": "user", "agent_id": answering, "channel_type": "website"}
        if chance.random() < 0.8:
            yield entry("acknowledge", acked, assignees=(answering,), **human)
        if incident.resolved_at is not None:
            automatic = {"agent_type": "service", "channel_type": "api"}
            by = human if chance.random() < 0.6 else automatic
            yield entry("resolve", incident.resolved_at, **by)
