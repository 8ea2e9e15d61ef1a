"""Who answers at each level of a policy at one instant."""

from bisect import bisect_right

from sandbox.account.model import Entry, Organisation
from sandbox.account.rota import final_entries


class Roster:
    """Final schedules rendered once over [since, until), asked many times."""

    def __init__(self, organisation: Organisation, since: int, until: int) -> None:
        self._organisation = organisation
        self._duty: list[list[Entry]] = [
            final_entries(rota, since, until) for rota in organisation.rotas
        ]
        self._starts = [[entry.start for entry in duty] for duty in self._duty]

    def on_call(self, policy: int, level: int, at: int) -> tuple[int, ...]:
        """People of that level (0 is the first); nobody where all its schedules have a gap."""
        target = self._organisation.policies[policy].levels[level]
        people = list(target.people)
        for rota in target.rotas:
            position = bisect_right(self._starts[rota], at) - 1
            if position >= 0 and self._duty[rota][position].end > at:
                people.append(self._duty[rota][position].person)
        return tuple(dict.fromkeys(people))

    def next_level(self, policy: int, level: int, at: int) -> int | None:
        """The first level from `level` on with anybody on call: PagerDuty skips empty ones."""
        for candidate in range(level, len(self._organisation.policies[policy].levels)):
            if self.on_call(policy, candidate, at):
                return candidate
        return None
