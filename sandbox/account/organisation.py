"""Makes up a company: teams, people, schedules, policies and services."""

from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sandbox import instants
from sandbox.account.model import (
    Entry,
    Layer,
    Level,
    Organisation,
    Person,
    Policy,
    Restriction,
    Rota,
    Service,
    Team,
)
from sandbox.account.names import Names
from sandbox.account.sizes import Size

ZONES = ("America/New_York", "Europe/Berlin", "Etc/UTC", "Asia/Kolkata")
_HOUR = 3600
_WORKDAYS = (1, 2, 3, 4, 5)
_BUSINESS_HOURS = Restriction(9 * _HOUR, 8 * _HOUR, _WORKDAYS)
_NIGHT_HOLE = Restriction(7 * _HOUR, 17 * _HOUR)
_DAY = Restriction(8 * _HOUR, 12 * _HOUR)
_NIGHT = Restriction(20 * _HOUR, 12 * _HOUR)
_HISTORY_DAYS = 730


class Builder:
    """Draws one organisation; every choice comes from `rng`, every identifier from `names`."""

    def __init__(self, size: Size, names: Names, rng: Random, as_of: int) -> None:
        self.size = size
        self.names = names
        self.rng = rng
        self.as_of = as_of

    def build(self) -> Organisation:
        teams = [
            Team(self.names.configured("team", n), n >= self.size.teams - self.size.private_teams)
            for n in range(self.size.teams)
        ]
        people = [
            Person(self.names.configured("user", n), n % len(teams), ZONES[n % len(ZONES)])
            for n in range(self.size.people)
        ]
        crews = [
            tuple(n for n, one in enumerate(people) if one.team == t) for t in range(len(teams))
        ]
        rotas = [self._rota(n, n % len(teams), crews) for n in range(self.size.schedules)]
        policies = [
            self._policy(n, n % len(teams), crews, rotas) for n in range(self.size.policies)
        ]
        services = [
            self._service(n, policies)
            for n in range(self.size.services + self.size.deleted_services)
        ]
        priorities = [self.names.configured("priority", n) for n in range(5)]
        return Organisation(teams, people, rotas, policies, services, priorities)

    def _rota(self, number: int, team: int, crews: list[tuple[int, ...]]) -> Rota:
        """Round the clock, round the clock, night hole, day and night shift, business hours."""
        crew = crews[team]
        kinds: tuple[tuple[Restriction | None, ...], ...] = (
            (None,),
            (None,),
            (_NIGHT_HOLE,),
            (_DAY, _NIGHT),
            (_BUSINESS_HOURS,),
        )
        layers = []
        for position, rule in enumerate(kinds[number % len(kinds)]):
            count = min(len(crew), self.rng.randint(3, 8))
            members = tuple(self.rng.sample(crew, count))
            layer_id = self.names.configured("layer", number * 4 + position)
            layers.append(Layer(layer_id, self._start(), 9 * _HOUR, 7, members, rule))
        rota_id = self.names.configured("schedule", number)
        zone = ZoneInfo(ZONES[number % len(ZONES)])
        return Rota(rota_id, team, zone, tuple(layers), self._overrides(crew))

    def _start(self) -> date:
        day = instants.to_datetime(self.as_of).date() - timedelta(days=_HISTORY_DAYS)
        return day - timedelta(days=day.weekday())

    def _overrides(self, crew: tuple[int, ...]) -> tuple[Entry, ...]:
        """A swapped day now and then, the latest at least a day before the account's end."""
        whole_day = self.as_of // instants.DAY * instants.DAY
        days = sorted(self.rng.sample(range(2, self.size.days), 3), reverse=True)
        spans = [whole_day - ago * instants.DAY + 9 * instants.HOUR for ago in days]
        return tuple(
            Entry(start, start + 8 * instants.HOUR, self.rng.choice(crew)) for start in spans
        )

    def _policy(
        self, number: int, team: int, crews: list[tuple[int, ...]], rotas: list[Rota]
    ) -> Policy:
        """One to four levels; most end with a person, every fifth with nothing behind."""
        own = [n for n, rota in enumerate(rotas) if rota.team == team] or [number % len(rotas)]
        first = own[number % len(own)]
        levels = [Level(self.rng.choice((5, 10, 15)), (first,))]
        others = [n for n in own if n != first]
        depth = (2, 3, 1, 2, 4)[number % 5]
        for position in range(1, depth):
            last = position == depth - 1
            if last or not others:
                delay = self.rng.choice((15, 20, 30))
                levels.append(Level(delay, (), (self.rng.choice(crews[team]),)))
            else:
                levels.append(Level(self.rng.choice((10, 15)), (others[position % len(others)],)))
        policy_id = self.names.configured("escalation_policy", number)
        return Policy(policy_id, team, tuple(levels), self.rng.choice((0, 0, 1, 2)))

    def _service(self, number: int, policies: list[Policy]) -> Service:
        """Weights fall off as one over rank: a few services make most of the noise."""
        policy = number % len(policies)
        age = self.rng.randint(200, 1500) * instants.DAY
        return Service(
            id=self.names.configured("service", number),
            team=policies[policy].team,
            policy=policy,
            urgency=("high", "high", "severity_based", "support_hours", "low")[number % 5],
            weight=1 / (1 + (number * 7) % self.size.services),
            ack_timeout=self.rng.choice((600, 1800, 1800, None)),
            auto_resolve=self.rng.choice((14_400, 86_400, None)),
            created=(self.as_of - age) // instants.SECOND * instants.SECOND,
            deleted=number >= self.size.services,
        )
