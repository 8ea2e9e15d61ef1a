"""The shape of a generated company: positions in tuples stand for references."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sandbox.account.shifts import ShiftRota


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    private: bool


@dataclass(frozen=True, slots=True)
class Person:
    """`zone` is a name of Rails or of IANA, or none; `role` is PagerDuty's base role."""

    id: str
    team: int
    zone: str | None
    role: str = "user"


@dataclass(frozen=True, slots=True)
class Restriction:
    """On call only from `opens` (seconds of the local day) for `seconds`; days 1 (Monday)
    to 7, none meaning every day."""

    opens: int
    seconds: int
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """A rotation: each person has `turn_days` local days, handed off at `handoff` seconds."""

    id: str
    start: date
    handoff: int
    turn_days: int
    people: tuple[int, ...]
    restriction: Restriction | None = None


class Entry(NamedTuple):
    """One rendered stretch of duty, microseconds."""

    start: int
    end: int
    person: int


@dataclass(frozen=True, slots=True)
class Rota:
    id: str
    team: int
    zone: ZoneInfo
    layers: tuple[Layer, ...]
    overrides: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """`rotas` and `shift_rotas` are layer-based and shift-based schedules, by position."""

    delay_minutes: int
    rotas: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    shift_rotas: tuple[int, ...] = ()
    strategy: str = "assign_to_everyone"


@dataclass(frozen=True, slots=True)
class Policy:
    id: str
    team: int
    levels: tuple[Level, ...]
    loops: int


@dataclass(frozen=True, slots=True)
class Service:
    """`urgency` is high, low, severity_based or support_hours; timeouts in seconds."""

    id: str
    team: int
    policy: int
    urgency: str
    weight: float
    ack_timeout: int | None
    auto_resolve: int | None
    created: int
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class BusinessService:
    id: str
    team: int | None


class Node(NamedTuple):
    """One end of a dependency: a technical service or a business service, by position."""

    business: bool
    position: int


class Dependency(NamedTuple):
    """`supporting` must work for `dependent` to work."""

    id: str
    supporting: Node
    dependent: Node


@dataclass(frozen=True, slots=True)
class Organisation:
    teams: Sequence[Team]
    people: Sequence[Person]
    rotas: Sequence[Rota]
    shift_rotas: Sequence[ShiftRota]
    policies: Sequence[Policy]
    services: Sequence[Service]
    business_services: Sequence[BusinessService]
    dependencies: Sequence[Dependency]
    priorities: Sequence[str]

    def members(self, team: int) -> list[int]:
        """Everybody of a team; every seventh person helps the next team as well."""
        return [
            n
            for n, one in enumerate(self.people)
            if one.team == team or (n % 7 == 0 and (one.team + 1) % len(self.teams) == team)
        ]


class Incident(NamedTuple):
    """One incident as it stands at the end of the account; instants in microseconds."""

    created: int
    service: int
    high: bool
    priority: int
    status: str
    resolved: int
    changed: int
    changed_by: int
    assigned: tuple[int, ...]
    assigned_at: int
    acked: tuple[tuple[int, int], ...]
    direct: bool
    alerts: int
    merged: bool


class LogEntry(NamedTuple):
    """One line of an incident's history; `agent` -1 is the service itself."""

    at: int
    type: str
    incident: int
    agent: int
    channel: str
    people: tuple[int, ...] = ()
    seconds: int = 0
