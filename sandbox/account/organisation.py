"""Makes up a company: teams, people, schedules, policies and services."""

from dataclasses import replace
from random import Random

from sandbox import instants
from sandbox.account.dependencies import link
from sandbox.account.model import (
    BusinessService,
    Level,
    Organisation,
    Person,
    Policy,
    Rota,
    Service,
    Team,
)
from sandbox.account.names import Names
from sandbox.account.rota_builder import RotaBuilder
from sandbox.account.shift_builder import ShiftBuilder
from sandbox.account.shifts import ShiftRota
from sandbox.account.sizes import Size

Crews = list[tuple[int, ...]]

UNKNOWN_ROLE = "night_operator"
UNKNOWN_URGENCY_RULE = "dynamic_urgency"
UNKNOWN_STRATEGY = "least_busy"
_PEOPLE_ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Etc/UTC",
    "Asia/Kolkata",
    "Eastern Time (US & Canada)",
    "London",
    None,
)
_FIRST_ROLES = ("admin", "limited_user", "owner")
_ROLES = ("user", "limited_user", "user", "observer", "read_only_user", "user")


class Builder:
    """Draws one organisation; every choice comes from `rng`, every identifier from `names`."""

    def __init__(self, size: Size, names: Names, rng: Random, as_of: int) -> None:
        self.size = size
        self.names = names
        self.rng = rng
        self.as_of = as_of

    def build(self) -> Organisation:
        size, configured = self.size, self.names.configured
        teams = [
            Team(configured("team", n), n >= size.teams - size.private_teams)
            for n in range(size.teams)
        ]
        people = [self._person(n) for n in range(size.people)]
        crews = [
            tuple(n for n, one in enumerate(people) if one.team == t) for t in range(len(teams))
        ]
        rotas = RotaBuilder(size, self.names, self.rng, self.as_of).build(crews)
        shift_rotas = ShiftBuilder(size, self.names, self.rng, self.as_of).build(crews)
        policies = [
            self._policy(n, n % len(teams), crews, rotas, shift_rotas) for n in range(size.policies)
        ]
        services = [
            self._service(n, policies) for n in range(size.services + size.deleted_services)
        ]
        business = [
            BusinessService(configured("business", n), n % len(teams) if n % 3 else None)
            for n in range(size.business_services)
        ]
        edges = link(size.services, len(business), self.names, self.rng)
        priorities = [configured("priority", n) for n in range(5)]
        return Organisation(
            teams=teams,
            people=people,
            rotas=rotas,
            shift_rotas=shift_rotas,
            policies=policies,
            services=services,
            business_services=business,
            dependencies=edges,
            priorities=priorities,
        )

    def _person(self, number: int) -> Person:
        """Without a role that PagerDuty documents now and then, and without a zone."""
        role = _ROLES[number % len(_ROLES)]
        if number < len(_FIRST_ROLES):
            role = _FIRST_ROLES[number]
        elif number % 41 == 13:
            role = UNKNOWN_ROLE
        zone = _PEOPLE_ZONES[number % len(_PEOPLE_ZONES)]
        return Person(self.names.configured("user", number), number % self.size.teams, zone, role)

    def _policy(
        self,
        number: int,
        team: int,
        crews: Crews,
        rotas: list[Rota],
        shift_rotas: list[ShiftRota],
    ) -> Policy:
        """One to four levels; most end with a person, every fifth with nothing behind."""
        own = [n for n, rota in enumerate(rotas) if rota.team == team] or [number % len(rotas)]
        levels = self._levels(number, own, crews[team])
        shifts = tuple(n for n, rota in enumerate(shift_rotas) if rota.team == team)[:1]
        if shifts and number % 3 == 1:
            levels[0] = replace(levels[0], rotas=(), shift_rotas=shifts)
        elif shifts:
            levels.insert(1, Level(15, shift_rotas=shifts))
        policy_id = self.names.configured("escalation_policy", number)
        return Policy(policy_id, team, tuple(levels), self.rng.choice((0, 0, 1, 2)))

    def _levels(self, number: int, own: list[int], crew: tuple[int, ...]) -> list[Level]:
        first = own[number % len(own)]
        strategy = "round_robin" if number % 4 == 1 else "assign_to_everyone"
        if number % 11 == 3:
            strategy = UNKNOWN_STRATEGY
        levels = [Level(self.rng.choice((5, 10, 15)), (first,), strategy=strategy)]
        others = [n for n in own if n != first]
        depth = (2, 3, 1, 2, 4)[number % 5]
        for position in range(1, depth):
            last = position == depth - 1
            if last or not others:
                delay = self.rng.choice((15, 20, 30))
                levels.append(Level(delay, (), (self.rng.choice(crew),)))
            else:
                levels.append(Level(self.rng.choice((10, 15)), (others[position % len(others)],)))
        return levels

    def _service(self, number: int, policies: list[Policy]) -> Service:
        """Weights fall off as one over rank: a few services make most of the noise."""
        policy = number % len(policies)
        age = self.rng.randint(200, 1500) * instants.DAY
        urgency = ("high", "high", "severity_based", "support_hours", "low")[number % 5]
        return Service(
            id=self.names.configured("service", number),
            team=policies[policy].team,
            policy=policy,
            urgency=UNKNOWN_URGENCY_RULE if number % 17 == 6 else urgency,
            weight=1 / (1 + (number * 7) % self.size.services),
            ack_timeout=self.rng.choice((600, 1800, 1800, None)),
            auto_resolve=self.rng.choice((14_400, 86_400, None)),
            created=(self.as_of - age) // instants.SECOND * instants.SECOND,
            deleted=number >= self.size.services,
        )
