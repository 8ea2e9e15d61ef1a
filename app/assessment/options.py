"""The question of an assessment: its window, its snapshot and its parameters."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

MICROSECONDS = 1_000_000
"""Microseconds in a second."""
HOUR = 3_600
URGENCIES = frozenset({"high", "low"})
"""PagerDuty's words."""
_DAY_S = 86_400
_WEEK = frozenset(range(1, 8))
_SHORTEST_US = 7 * _DAY_S * MICROSECONDS
_HOURS = ("business_start_s", "business_end_s", "sleep_start_s", "sleep_end_s")
_Seconds = Annotated[int, 366 * _DAY_S]
_Minutes = Annotated[int, 366 * 1_440]
"""With the largest value, a year: more would overflow the engine's integers."""
_LEAST = {"minimum_group": 3, "flap_min_incidents": 1, "storm_threshold": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """How the week is divided (C10): seconds of the local day, ISO weekdays.

    Sleep is matched first, on every day; then business; off is the rest. Sleep may pass midnight.
    Raises ``ValueError`` naming the field where an hour lies outside the day, where business does
    not end after it begins, where sleep is empty, where a day is none of 1 to 7 or is given twice,
    or where no day is given.
    """

    business_start_s: int = 8 * HOUR
    business_end_s: int = 18 * HOUR
    business_days: tuple[int, ...] = (1, 2, 3, 4, 5)
    sleep_start_s: int = 22 * HOUR
    sleep_end_s: int = 8 * HOUR

    def __post_init__(self) -> None:
        for name in _HOURS:
            if not 0 <= getattr(self, name) <= _DAY_S:
                raise ValueError(f"{name} must lie in the day, from 0 to {_DAY_S}")
        if self.business_start_s >= self.business_end_s:
            raise ValueError("business_start_s must lie before business_end_s")
        if self.sleep_start_s == self.sleep_end_s:
            raise ValueError("sleep_start_s must differ from sleep_end_s")
        days = set(self.business_days)
        if not days or not days <= _WEEK or len(days) < len(self.business_days):
            raise ValueError("business_days must be days from 1 to 7, each once, at least one")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentOptions:
    """Window ``[since, until)`` and snapshot ``as_of``, in microseconds since 1970 UTC (C2).

    Raises ``ValueError`` naming the field where the window is empty, where the snapshot lies before
    its end (open incidents could not be censored), where a duration is negative or longer than a
    year, where a number is below its least, where the zone is unknown, or where an urgency is not
    one of PagerDuty's.
    """

    since: int
    until: int
    as_of: int
    time_zone: str = "Etc/UTC"
    """The account's: for people and schedules without one, and for weeks (C10)."""
    excluded_urgencies: tuple[str, ...] = ("low",)
    """Left out of DORA metrics (C3)."""
    ack_target_s: _Seconds = 300
    """Escalation time-out that PagerDuty's incident response guide recommends."""
    transient_s: _Seconds = 300
    """Resolved by automation sooner than this is transient (PagerDuty, Auto-Pause)."""
    bands: Bands = field(default_factory=Bands)
    minimum_group: int = 5
    """People behind a published figure over people (PRIV-1); never below 3."""
    teams: tuple[bytes, ...] = ()
    """Teams in scope; empty for all."""
    services: tuple[bytes, ...] = ()
    """Services in scope; empty for all."""
    change_integrations: tuple[bytes, ...] = ()
    """Integrations whose change events are deployments; empty for all."""
    pair_tolerance_s: _Seconds = 5
    """An assignment this near to a trigger, an escalation or a repeat belongs to it (C-ESC)."""
    stale_s: _Seconds = 86_400
    """Age from which an open incident is stale (ISA-18.2)."""
    rmst_tau_s: _Seconds = 86_400
    """Horizon of the restricted mean of recovery (INC-09)."""
    interruption_merge_s: _Seconds = 60
    """Notifications of one person this near count once (PagerDuty, Responder Insights)."""
    min_rest_s: _Seconds = 11 * HOUR
    """Daily rest (Directive 2003/88/EC, article 3)."""
    flap_gap_s: _Seconds = 900
    flap_min_incidents: int = 3
    storm_window_s: _Seconds = 600
    storm_threshold: int = 10
    """Ten in ten minutes is a flood (ISA-18.2)."""
    co_incident_s: _Seconds = 1_800
    """How soon after an incident of a service its dependents' incidents match it (SVC-05)."""
    attribution_window_s: _Seconds = 3_600
    change_dedupe_s: _Seconds = 60
    exclude_transient: bool = True
    """Transient incidents do not make a change a failed one (DOR-02)."""
    short_timeout_min: _Minutes = 3
    long_timeout_min: _Minutes = 15
    narrowed: bool = False
    """The window was chosen to the hour or the day: two of them could be subtracted (PRIV-4)."""
    seed: int = 20_240_101
    """Of the bootstrap and of the permutations; the report names it (C9)."""

    def __post_init__(self) -> None:
        if self.since >= self.until:
            raise ValueError("since must lie before until")
        if self.as_of < self.until:
            raise ValueError("as_of must not lie before until")
        for each in fields(self):
            longest = next(iter(getattr(each.type, "__metadata__", ())), None)
            if longest is not None and not 0 <= getattr(self, each.name) <= longest:
                raise ValueError(f"{each.name} must not be negative, nor more than {longest}")
        for name, least in _LEAST.items():
            if getattr(self, name) < least:
                raise ValueError(f"{name} must not be below {least}")
        if not {*self.excluded_urgencies} <= URGENCIES:
            raise ValueError("excluded_urgencies must be high or low")
        if self.time_zone not in available_timezones():
            raise ValueError("time_zone must be a name of the IANA database")

    @property
    def window_us(self) -> int:
        return self.until - self.since

    @property
    def narrow(self) -> bool:
        """Whether teams or services were chosen."""
        return bool(self.teams or self.services)

    @property
    def people_off(self) -> bool:
        """Whether the choice of window or scope could reveal one person by a figure over people
        (PRIV-4).

        True for a window below a week or cut anywhere, and for any choice of teams or services: the
        difference of two such assessments may be one person's.
        """
        return self.narrowed or self.narrow or self.window_us < _SHORTEST_US

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def as_json(self) -> dict[str, Any]:
        """Every option by its name; instants in microseconds, ids in hexadecimal."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value.hex() if isinstance(value, bytes) else value
