"""Who is on call at which level of which policy: `/oncalls` of a generated company.

Entries are complete for every window: they begin and end with the duty.
A person who is a direct target is on call for ever, without a schedule.
"""

from typing import NamedTuple

from sandbox import instants
from sandbox.account.company import Company
from sandbox.account.listing import Json, Listing, Shape
from sandbox.account.model import Entry, Level
from sandbox.account.rota import final_entries
from sandbox.account.shifts import NOBODY, assignments

_BEHIND = 200 * instants.DAY
_AHEAD = 120 * instants.DAY
_DIRECT = ("", "")


class Duty(NamedTuple):
    """`schedule` is (kind, id), both empty for a direct target, who has no ends either."""

    start: int | None
    end: int | None
    policy: int
    level: int
    person: int
    schedule: tuple[str, str]


class Oncalls:
    def __init__(self, company: Company) -> None:
        self.company = company
        made, now = company.organisation, company.as_of
        window = now - _BEHIND, now + _AHEAD
        rotas = [final_entries(rota, *window) for rota in made.rotas]
        shifts = [
            [Entry(*one[:3]) for one in assignments(rota, *window) if one.person != NOBODY]
            for rota in made.shift_rotas
        ]
        self._spans: dict[tuple[str, str], list[Entry]] = {
            ("schedule", made.rotas[n].id): found for n, found in enumerate(rotas)
        }
        self._spans |= {
            ("schedule_v3", made.shift_rotas[n].id): one for n, one in enumerate(shifts)
        }
        self._rows = [
            row
            for policy, one in enumerate(made.policies)
            for level, target in enumerate(one.levels)
            for row in self._of(policy, level, target)
        ]

    def _of(self, policy: int, level: int, target: Level) -> list[Duty]:
        made = self.company.organisation
        schedules = [("schedule", made.rotas[n].id) for n in target.rotas]
        schedules += [("schedule_v3", made.shift_rotas[n].id) for n in target.shift_rotas]
        found = [
            Duty(start=None, end=None, policy=policy, level=level, person=person, schedule=_DIRECT)
            for person in target.people
        ]
        return found + [
            Duty(start=start, end=end, policy=policy, level=level, person=person, schedule=schedule)
            for schedule in schedules
            for start, end, person in self._spans[schedule]
        ]

    def listing(self) -> Listing:
        rows, made = self._rows, self.company.organisation
        return Listing(
            "oncalls",
            len(rows),
            self.render,
            str,
            private=lambda n: made.teams[made.policies[rows[n].policy].team].private,
            spans=[row[:2] for row in rows],
        )

    def render(self, number: int, shape: Shape) -> Json:
        row = self._rows[number]
        writer = self.company.writer
        policy = self.company.organisation.policies[row.policy].id
        stem = writer.mint.stem("oncall", str(number))
        kind, schedule = row.schedule
        return {
            "escalation_policy": writer.reference(
                "escalation_policy", policy, stem, "/escalation_policy"
            ),
            "escalation_level": row.level + 1,
            "schedule": writer.reference(kind, schedule, stem, "/schedule") if kind else None,
            "user": self.company.user(row.person, stem, "/user"),
            "start": _show(row.start, shape),
            "end": _show(row.end, shape),
        }


def _show(at: int | None, shape: Shape) -> str | None:
    if at is None:
        return None
    return instants.show_in(at, shape.zone) if shape.zone else instants.show_eastern(at)
