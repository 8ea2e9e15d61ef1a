"""Makes up shift-based schedules: empty slots, two people at once, custom shifts, overrides."""

from random import Random
from zoneinfo import ZoneInfo

from sandbox import instants
from sandbox.account.names import Names
from sandbox.account.rota_builder import ZONES, first_monday
from sandbox.account.shifts import (
    DAY_SECONDS,
    NOBODY,
    CustomShift,
    Rotation,
    ShiftOverride,
    ShiftRota,
    assignments,
)
from sandbox.account.sizes import Size

_HOUR = 3600
_WORKDAYS = (1, 2, 3, 4, 5)
_AHEAD = 7


class ShiftBuilder:
    def __init__(self, size: Size, names: Names, rng: Random, as_of: int) -> None:
        self.size = size
        self.names = names
        self.rng = rng
        self.as_of = as_of

    def build(self, crews: list[tuple[int, ...]]) -> list[ShiftRota]:
        """The last teams have them first, so that private teams have some too."""
        return [
            self._rota(n, len(crews) - 1 - n % len(crews), crews)
            for n in range(self.size.shift_schedules)
        ]

    def _rota(self, number: int, team: int, crews: list[tuple[int, ...]]) -> ShiftRota:
        crew = crews[team]
        rota = ShiftRota(
            id=self.names.long("schedule_v3", number),
            team=team,
            zone=ZoneInfo(ZONES[number % len(ZONES)]),
            rotations=self._rotations(number, crew),
            customs=self._customs(number, crew),
            overrides=(),
        )
        swaps = self._overrides(rota, number, crew)
        return ShiftRota(rota.id, rota.team, rota.zone, rota.rotations, rota.customs, tuple(swaps))

    def _rotations(self, number: int, crew: tuple[int, ...]) -> tuple[Rotation, ...]:
        """A week each; workdays with two in the evening; a day each with an empty slot."""
        members = tuple(self.rng.sample(crew, min(len(crew), 5)))
        kinds: tuple[tuple[tuple[int, int, tuple[int, ...], tuple[int, ...], int, bool], ...], ...]
        kinds = (
            ((9 * _HOUR, 7 * DAY_SECONDS, (1,), members, 1, False),),
            (
                (9 * _HOUR, 8 * _HOUR, _WORKDAYS, members, 5, False),
                (17 * _HOUR, 16 * _HOUR, (), members[:2], 1, True),
            ),
            ((8 * _HOUR, DAY_SECONDS, (), (*members, NOBODY), 1, False),),
        )
        return tuple(
            Rotation(
                self.names.long("rotation", number * 4 + position),
                self.names.long("event", number * 4 + position),
                first_monday(self.as_of),
                *rest,
            )
            for position, rest in enumerate(kinds[number % len(kinds)])
        )

    def _day(self, ago: int) -> int:
        return (self.as_of // instants.DAY - ago) * instants.DAY

    def _customs(self, number: int, crew: tuple[int, ...]) -> tuple[CustomShift, ...]:
        starts = [self._day(ago) + 12 * instants.HOUR for ago in self.rng.sample(range(3, 80), 3)]
        return tuple(
            CustomShift(
                self.names.long("custom_shift", number * 8 + n),
                start,
                start + 5 * instants.HOUR,
                self.rng.choice(crew),
            )
            for n, start in enumerate(starts)
        )

    def _overrides(
        self, rota: ShiftRota, number: int, crew: tuple[int, ...]
    ) -> list[ShiftOverride]:
        """Of a custom shift, of shifts past and to come, and one that changes nothing."""
        made: list[ShiftOverride] = []
        for n, ago in enumerate((60, 33, 12, -_AHEAD)):
            since = self._day(ago)
            found = assignments(rota, since, since + 2 * instants.DAY)
            turn = next(
                (one for one in found if one.person != NOBODY and one.rotation is not None), None
            )
            if turn is None:
                continue
            start = max(turn.start, since)
            end = min(turn.end, start + 3 * instants.HOUR)
            other = turn.person if n == 0 else self.rng.choice(crew)
            made.append(
                ShiftOverride(
                    self.names.long("override_shift", number * 8 + n),
                    start,
                    end,
                    turn.person,
                    other,
                    rotation=turn.rotation,
                )
            )
        custom = rota.customs[0]
        return [*made, self._of_custom(custom, number, crew)]

    def _of_custom(self, custom: CustomShift, number: int, crew: tuple[int, ...]) -> ShiftOverride:
        override_id = self.names.long("override_shift", number * 8 + 7)
        end = custom.start + 2 * instants.HOUR
        other = self.rng.choice(crew)
        return ShiftOverride(override_id, custom.start, end, custom.person, other, custom=0)
