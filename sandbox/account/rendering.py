"""The rendered parts of a layer-based schedule, on request only.

Without since and until PagerDuty sends the parts empty (schema `Schedule`); entries are cut
at the bounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sandbox import instants
from sandbox.account.listing import Json, Shape, Window
from sandbox.account.model import Entry, Layer, Organisation, Restriction, Rota
from sandbox.account.references import Writer
from sandbox.account.rota import clip, coverage_percentage, final_entries, layer_entries
from sandbox.canaries import leaf

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class RotaRenderer:
    organisation: Organisation
    writer: Writer
    rota: Rota
    stem: str
    shape: Shape

    def parts(self) -> Json:
        wanted = self.shape.includes
        parts: Json = {}
        if "schedule_layers" in wanted:
            # PagerDuty lists the topmost layer first.
            layers = list(enumerate(self.rota.layers))[::-1]
            parts["schedule_layers"] = [self._layer(n, layer) for n, layer in layers]
        if "overrides_subschedule" in wanted:
            at = "/overrides_subschedule"
            parts["overrides_subschedule"] = {
                "name": "Overrides",
                **self._rendered(self._cut(self.rota.overrides), at),
            }
        if "final_schedule" in wanted:
            window = self.shape.window
            entries = final_entries(self.rota, *window) if window else []
            at = "/final_schedule"
            parts["final_schedule"] = {"name": "Final Schedule", **self._rendered(entries, at)}
        return parts

    def _cut(self, entries: Sequence[Entry]) -> list[Entry]:
        return clip(entries, *self.shape.window) if self.shape.window else []

    def _show(self, at: int) -> str:
        return instants.show_in(at, self.shape.zone or self.rota.zone)

    def _rendered(self, entries: Sequence[Entry], at: str) -> Json:
        window: Window | None = self.shape.window
        spans = [entry[:2] for entry in entries]
        return {
            "rendered_schedule_entries": [
                self._entry(entry, f"{at}/rendered_schedule_entries/{n}/user")
                for n, entry in enumerate(entries)
            ],
            "rendered_coverage_percentage": coverage_percentage(spans, *window) if window else None,
        }

    def _entry(self, entry: Entry, at: str) -> Json:
        person = self.organisation.people[entry.person].id
        return {
            "start": self._show(entry.start),
            "end": self._show(entry.end),
            "user": self.writer.reference("user", person, self.stem, at),
        }

    def _layer(self, number: int, layer: Layer) -> Json:
        at = f"/schedule_layers/{number}"
        start = instants.at_clock(layer.start, layer.handoff, self.rota.zone)
        window = self.shape.window
        entries = self._cut(layer_entries(layer, self.rota.zone, *window)) if window else []
        people = enumerate(self.organisation.people[n].id for n in layer.people)
        return {
            "id": layer.id,
            "name": f"Layer {leaf(self.stem, at + '/name')}",
            "start": self._show(start),
            "end": None,
            "rotation_virtual_start": self._show(start),
            "rotation_turn_length_seconds": layer.turn_days * DAY_SECONDS,
            "restrictions": _restrictions(layer.restriction),
            "users": [
                {"user": self.writer.reference("user", user, self.stem, f"{at}/users/{n}/user")}
                for n, user in people
            ],
            **self._rendered(entries, at),
        }


def _restrictions(rule: Restriction | None) -> list[Json]:
    """One daily restriction, or one weekly restriction for each day."""
    if rule is None:
        return []
    shared: Json = {
        "duration_seconds": rule.seconds,
        "start_time_of_day": str(timedelta(seconds=rule.opens)).zfill(8),
    }
    if not rule.days:
        return [{"type": "daily_restriction", **shared}]
    return [{"type": "weekly_restriction", "start_day_of_week": day, **shared} for day in rule.days]
