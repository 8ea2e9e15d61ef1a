"""Schedules from a file: rendered parts only where requested, cut at the bounds."""

from typing import cast

from sandbox import instants
from sandbox.account.listing import Json, Shape
from sandbox.account.rota import coverage_percentage
from sandbox.account.schedules import RENDERINGS

V3 = "schedule_v3"
_CUT = ("final_schedule", "overrides_subschedule")
_REFERENCE = ("id", "summary", "self", "html_url")


def layered(row: Json, shape: Shape) -> Json:
    body = {key: value for key, value in row.items() if key not in RENDERINGS}
    for part in RENDERINGS if shape.detail else RENDERINGS & shape.includes:
        given = row.get(part, {} if part in _CUT else [])
        body[part] = _cut(cast("Json", given), shape) if part in _CUT else given
    return body


def _cut(part: Json, shape: Shape) -> Json:
    key = "rendered_schedule_entries"
    entries, spans = _within(cast("list[Json]", part.get(key, [])), shape, ("start", "end"))
    return {**part, key: entries, "rendered_coverage_percentage": _coverage(spans, shape)}


def shifted(row: Json, shape: Shape) -> Json:
    """In the list a bare reference; the final schedule only for a window."""
    if not shape.detail:
        reference = {key: row[key] for key in _REFERENCE if key in row}
        return {"type": f"{V3}_reference", "summary": row.get("name"), **reference}
    body = {key: value for key, value in row.items() if key != "final_schedule"}
    final = cast("Json | None", row.get("final_schedule"))
    if final is not None and "final_schedule" in shape.includes and shape.window is not None:
        key = "computed_shift_assignments"
        given = cast("list[Json]", final.get(key, []))
        body["final_schedule"] = {
            **final,
            key: _within(given, shape, ("start_time", "end_time"))[0],
        }
    return body


def _within(
    entries: list[Json], shape: Shape, keys: tuple[str, str]
) -> tuple[list[Json], list[tuple[int, int]]]:
    """The entries that touch the window, cut at its bounds, and their ends."""
    if shape.window is None:
        return [], []
    found, spans = [], []
    for entry in entries:
        start, end = (instants.parse(str(entry[key])) for key in keys)
        if start >= shape.window[1] or end <= shape.window[0]:
            continue
        cut = max(start, shape.window[0]), min(end, shape.window[1])
        spans.append(cut)
        ends = {key: instants.show(at) for key, at in zip(keys, cut, strict=True)}
        found.append(entry | ends)
    return found, spans


def _coverage(spans: list[tuple[int, int]], shape: Shape) -> float | None:
    return coverage_percentage(spans, *shape.window) if shape.window else None
