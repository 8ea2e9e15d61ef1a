"""Who answers at each level of a policy at one instant."""

from bisect import bisect_right

from sandbox.account.model import Organisation
from sandbox.account.rota import final_entries
from sandbox.account.shifts import assignments, crews

Stretch = tuple[int, int, tuple[int, ...]]


class Roster:
    """Final schedules rendered once over [since, until), read many times."""

    def __init__(self, organisation: Organisation, since: int, until: int) -> None:
        self._organisation = organisation
        self._duty = [
            _indexed(
                [(start, end, (one,)) for start, end, one in final_entries(rota, since, until)]
            )
            for rota in organisation.rotas
        ]
        self._shifts = [
            _indexed(crews(assignments(rota, since, until))) for rota in organisation.shift_rotas
        ]

    def on_call(self, policy: int, level: int, at: int) -> tuple[int, ...]:
        """People of that level (0 is the first); nobody where all its schedules have a gap."""
        target = self._organisation.policies[policy].levels[level]
        found = [self._duty[rota] for rota in target.rotas]
        found += [self._shifts[rota] for rota in target.shift_rotas]
        people = list(target.people)
        for starts, stretches in found:
            position = bisect_right(starts, at) - 1
            if position >= 0 and stretches[position][1] > at:
                people += stretches[position][2]
        return tuple(dict.fromkeys(people))

    def next_level(self, policy: int, level: int, at: int) -> int | None:
        """The first level from `level` on with anybody on call: PagerDuty skips empty ones."""
        for candidate in range(level, len(self._organisation.policies[policy].levels)):
            if self.on_call(policy, candidate, at):
                return candidate
        return None


def _indexed(stretches: list[Stretch]) -> tuple[list[int], list[Stretch]]:
    return [one[0] for one in stretches], stretches
