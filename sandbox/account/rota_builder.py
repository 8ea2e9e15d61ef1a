"""Makes up layer-based schedules with rotations, holes and swapped days."""

from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sandbox import instants
from sandbox.account.model import Entry, Layer, Restriction, Rota
from sandbox.account.names import Names
from sandbox.account.rota import clip, layer_entries, overlay
from sandbox.account.sizes import Size

ZONES = ("America/New_York", "Europe/Berlin", "Etc/UTC", "Asia/Kolkata")
_HOUR = 3600
_WORKDAYS = (1, 2, 3, 4, 5)
_BUSINESS_HOURS = Restriction(9 * _HOUR, 8 * _HOUR, _WORKDAYS)
_NIGHT_HOLE = Restriction(7 * _HOUR, 17 * _HOUR)
_DAY = Restriction(8 * _HOUR, 12 * _HOUR)
_NIGHT = Restriction(20 * _HOUR, 12 * _HOUR)
_HISTORY_DAYS = 730
_KINDS: tuple[tuple[Restriction | None, ...], ...] = (
    (None,),
    (None,),
    (_NIGHT_HOLE,),
    (_DAY, _NIGHT),
    (_BUSINESS_HOURS,),
)
"""Round the clock, round the clock, night hole, day and night shift, business hours."""


def first_monday(as_of: int) -> date:
    """When every rotation of an account began."""
    day = instants.to_datetime(as_of).date() - timedelta(days=_HISTORY_DAYS)
    return day - timedelta(days=day.weekday())


class RotaBuilder:
    def __init__(self, size: Size, names: Names, rng: Random, as_of: int) -> None:
        self.size = size
        self.names = names
        self.rng = rng
        self.as_of = as_of

    def build(self, crews: list[tuple[int, ...]]) -> list[Rota]:
        return [self._rota(n, n % len(crews), crews) for n in range(self.size.schedules)]

    def _rota(self, number: int, team: int, crews: list[tuple[int, ...]]) -> Rota:
        crew = crews[team]
        layers = []
        for position, rule in enumerate(_KINDS[number % len(_KINDS)]):
            count = min(len(crew), self.rng.randint(3, 8))
            members = tuple(self.rng.sample(crew, count))
            layer_id = self.names.configured("layer", number * 4 + position)
            start = first_monday(self.as_of)
            layers.append(
                Layer(
                    id=layer_id,
                    start=start,
                    handoff=9 * _HOUR,
                    turn_days=7,
                    people=members,
                    restriction=rule,
                )
            )
        rota_id = self.names.configured("schedule", number)
        zone = ZoneInfo(ZONES[number % len(ZONES)])
        swaps = self._overrides(crew, layers, zone)
        return Rota(rota_id, team, zone, tuple(layers), swaps)

    def _overrides(
        self, crew: tuple[int, ...], layers: list[Layer], zone: ZoneInfo
    ) -> tuple[Entry, ...]:
        """A swapped day now and then, one still to come; the oldest changes nothing, because
        the person who takes over is on call already."""
        whole_day = self.as_of // instants.DAY * instants.DAY
        days = sorted(self.rng.sample(range(2, self.size.days), 3), reverse=True)
        spans = [whole_day - ago * instants.DAY + 9 * instants.HOUR for ago in [*days, -3]]
        swaps = [Entry(start, start + 8 * instants.HOUR, self.rng.choice(crew)) for start in spans]
        first = swaps[0]
        duty = overlay([layer_entries(one, zone, *first[:2]) for one in layers])
        already = clip(duty, *first[:2])
        if already:
            swaps[0] = already[0]
        return tuple(swaps)
