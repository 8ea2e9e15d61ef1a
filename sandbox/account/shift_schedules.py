"""Shift-based schedules of a generated company as REST objects."""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox import instants
from sandbox.account.company import Company
from sandbox.account.listing import Json, Listing, Shape, Window
from sandbox.account.rota import coverage_percentage
from sandbox.account.shifts import NOBODY, Assigned, Rotation, ShiftRota, assignments, wall
from sandbox.canaries import leaf

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def _recurrence(rotation: Rotation) -> str:
    if not rotation.days:
        return "RRULE:FREQ=DAILY"
    return "RRULE:FREQ=WEEKLY;BYDAY=" + ",".join(_WEEKDAYS[day - 1] for day in rotation.days)


def _member(company: Company, person: int) -> Json:
    if person == NOBODY:
        return {"type": "empty_member"}
    return {"type": "user_member", "user_id": company.organisation.people[person].id}


def _links(company: Company, path: str, stem: str, at: str) -> Json:
    """`path` is below `/v3/schedules`."""
    return {
        "self": f"https://api.pagerduty.com/v3/schedules/{path}?{leaf(stem, at + '/self')}",
        "html_url": company.writer.page(f"schedules/{path}", stem, at + "/html_url"),
    }


@dataclass(frozen=True, slots=True)
class ShiftSchedules:
    company: Company

    def listing(self) -> Listing:
        rotas = self.company.organisation.shift_rotas
        ids, owners = [one.id for one in rotas], [one.team for one in rotas]
        return self.company.listing("schedules_v3", ids, self.render, owners)

    def render(self, number: int, shape: Shape) -> Json:
        """In the list a bare reference."""
        made, writer = self.company.organisation, self.company.writer
        one = made.shift_rotas[number]
        stem = writer.mint.stem("schedule_v3", one.id)
        if not shape.detail:
            return writer.reference("schedule_v3", one.id, stem, "")
        using = [p for p in made.policies if any(number in level.shift_rotas for level in p.levels)]
        body = {
            **self.company.schedule("schedule_v3", one, stem, using),
            "description": leaf(stem, "/description"),
            "rotations": [
                self._rotation(one, rotation, (stem, f"/rotations/{n}"))
                for n, rotation in enumerate(one.rotations)
            ],
        }
        if "final_schedule" in shape.includes and shape.window is not None:
            body["final_schedule"] = self._final(one, shape, shape.window)
        return body

    def _rotation(self, rota: ShiftRota, one: Rotation, where: tuple[str, str]) -> Json:
        (stem, at), event_at = where, where[1] + "/events/0"
        path = f"{rota.id}/rotations/{one.id}"
        strategy: Json = {"type": "every_member_assignment_strategy"}
        if not one.everyone:
            strategy = {
                "type": "rotating_member_assignment_strategy",
                "shifts_per_member": one.each,
            }
        strategy["members"] = [_member(self.company, person) for person in one.members]
        start = wall(one.start, one.opens, rota.zone)
        end = wall(one.start, one.opens + one.seconds, rota.zone)
        event: Json = {
            "id": one.event_id,
            "type": "schedule_event",
            "name": f"Shift {leaf(stem, event_at + '/name')}",
            "start_time": {"date_time": instants.show(start), "time_zone": rota.zone.key},
            "end_time": {"date_time": instants.show(end), "time_zone": rota.zone.key},
            "effective_since": instants.show(start),
            "effective_until": None,
            "recurrence": [_recurrence(one)],
            "assignment_strategy": strategy,
            **_links(self.company, f"{path}/events/{one.event_id}", stem, event_at),
        }
        rotation: Json = {"id": one.id, "type": "schedule_rotation", "events": [event]}
        return rotation | _links(self.company, path, stem, at)

    def _final(self, rota: ShiftRota, shape: Shape, window: Window) -> Json:
        """Assignments cut at the window."""
        since, until = window
        found = assignments(rota, since, until)
        cut = [one._replace(start=max(one.start, since), end=min(one.end, until)) for one in found]
        spans = _joined([one[:2] for one in cut if one.person != NOBODY])
        zone = shape.zone or rota.zone
        return {
            "type": "final_schedule",
            "rendered_coverage_percentage": coverage_percentage(spans, since, until),
            "computed_shift_assignments": [
                {
                    "type": "computed_shift_assignment",
                    "start_time": instants.show_in(one.start, zone),
                    "end_time": instants.show_in(one.end, zone),
                    "member": _member(self.company, one.person),
                    "source": _source(rota, one),
                }
                for one in cut
            ],
        }


def _source(rota: ShiftRota, one: Assigned) -> Json:
    custom = one.custom is not None
    kind = "custom_shift" if custom else "schedule_rotation"
    source: Json = {"type": kind if one.override is None else f"{kind}_override"}
    if one.rotation is not None:
        source["rotation_id"] = rota.rotations[one.rotation].id
    if one.custom is not None:
        source["shift_id"] = rota.customs[one.custom].id
    if one.override is not None:
        source["override_id"] = rota.overrides[one.override].id
    return source


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
