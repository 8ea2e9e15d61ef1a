"""Overrides and custom shifts of shift-based schedules as REST objects."""

from dataclasses import dataclass

from sandbox import instants
from sandbox.account.account import Stretch
from sandbox.account.company import Company
from sandbox.account.listing import Json
from sandbox.account.shifts import NOBODY, ShiftRota
from sandbox.canaries import leaf

_KEYS = ("start_time", "end_time")


def member(company: Company, person: int) -> Json:
    if person == NOBODY:
        return {"type": "empty_member"}
    return {"type": "user_member", "user_id": company.organisation.people[person].id}


def links(company: Company, path: str, stem: str, at: str) -> Json:
    """`path` is below `/v3/schedules`."""
    return {
        "self": f"https://api.pagerduty.com/v3/schedules/{path}?{leaf(stem, at + '/self')}",
        "html_url": company.writer.page(f"schedules/{path}", stem, at + "/html_url"),
    }


@dataclass(frozen=True, slots=True)
class ShiftStretches:
    company: Company

    def custom_shifts(self) -> dict[str, list[Stretch]]:
        return {
            rota.id: [self._custom(rota, n) for n in range(len(rota.customs))]
            for rota in self.company.organisation.shift_rotas
        }

    def _custom(self, rota: ShiftRota, number: int) -> Stretch:
        one = rota.customs[number]
        stem = self.company.writer.mint.stem("custom_shift", one.id)
        assignment: Json = {
            "id": one.assignment_id,
            "type": "shift_assignment",
            "member": member(self.company, one.person),
        }
        body: Json = {
            "id": one.id,
            "type": "custom_shift",
            "start_time": instants.show(one.start),
            "end_time": instants.show(one.end),
            "assignments": [assignment],
            **links(self.company, f"{rota.id}/custom_shifts/{one.id}", stem, ""),
        }
        return Stretch(one.start, one.end, body, _KEYS)

    def overrides(self) -> dict[str, list[Stretch]]:
        return {
            rota.id: [self._override(rota, n) for n in range(len(rota.overrides))]
            for rota in self.company.organisation.shift_rotas
        }

    def _override(self, rota: ShiftRota, number: int) -> Stretch:
        one = rota.overrides[number]
        stem = self.company.writer.mint.stem("override_shift", one.id)
        source: Json = {}
        if one.rotation is not None:
            source["rotation_id"] = rota.rotations[one.rotation].id
        if one.custom is not None:
            source["custom_shift_id"] = rota.customs[one.custom].id
        body: Json = {
            "id": one.id,
            "type": "override_shift",
            **source,
            "start_time": instants.show(one.start),
            "end_time": instants.show(one.end),
            "overridden_member": member(self.company, one.overridden),
            "overriding_member": member(self.company, one.overriding),
            **links(self.company, f"{rota.id}/overrides/{one.id}", stem, ""),
        }
        return Stretch(one.start, one.end, body, _KEYS)
