"""The completeness certificate: what was declared, received and stored, and what is missing.

Numbers, bounds and words of ours only; it stands on the page, in the JSON and in the report.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import wire
from app.models import CollectionRun, Reason, Window, WindowState
from app.operations.runs.windows import shortcomings
from collectors.manifest import COLLECTED
from collectors.resource import Resource

Missing = Literal["a little", "a part", "all"]
CORE = frozenset({"incidents", "log_entries", "services", "escalation_policies", "schedules"})
"""Without these there is no assessment."""
TOLERATED = 0.01
"""As much of a resource may be missing before no verdict rests on it."""
AMOUNTS: tuple[Missing, ...] = ("a little", "a part", "all")
_COUNTS = ("received", "stored", "duplicate", "skipped", "unknown")
_OBJECTS = ("objects_done", "objects_refused", "objects_gone")


def certificate(session: Session, run: CollectionRun) -> dict[str, Any]:
    """``{"complete", "requests", "rate_limited", "refresh", "resources": [...]}``.

    ``complete`` means: all that PagerDuty declared, of every resource that plan and role give, is
    stored. One entry a resource, in the order collected, with one entry a window inside.
    """
    grouped: defaultdict[str, list[Window]] = defaultdict(list)
    for window in session.scalars(
        select(Window).where(Window.run_id == run.id).order_by(Window.since, Window.id)
    ):
        grouped[window.resource].append(window)
    resources = [_resource(each, grouped[each.name]) for each in COLLECTED if each.name in grouped]
    return {
        "complete": bool(resources) and all(_passes(each) for each in resources),
        "not_available": [e["resource"] for e in resources if e["state"] == "not_available"],
        "refresh": run.base_run_id is not None,
        "requests": run.requests,
        "rate_limited": run.rate_limited,
        "resources": resources,
    }


def missing(certificate: dict[str, Any]) -> dict[str, Missing]:
    """How much is missing of each resource of which PagerDuty has more than is stored.

    What the plan does not give does not exist in the account: nothing of it is missing.
    """
    parents = {each.name: each.parent for each in COLLECTED if each.fallback and each.parent}
    found: dict[str, Missing] = {}
    for each in certificate["resources"]:
        name, planned = each["resource"], each["reasons"] == [Reason.PLAN]
        if each["state"] != "complete" and (name in CORE or not planned):
            name = parents.get(name, name)
            found[name] = max(_missing(each), found.get(name, "a little"), key=AMOUNTS.index)
    return found


def _missing(entry: dict[str, Any]) -> Missing:
    """Where it is not known how much is missing, it counts as more than is tolerated."""
    if entry["state"] == "not_available":
        return "all"
    lost = [_lost(window) for window in entry["windows"] if window["reasons"]]
    known = [number for number in lost if number is not None]
    of = entry["objects"] or entry["declared"]
    few = of and len(known) == len(lost) and sum(known) <= TOLERATED * of
    return "a little" if few else "a part"


def _lost(window: dict[str, Any]) -> int | None:
    """How many objects or records an incomplete window lacks; None where that is not known."""
    if window["objects"] is not None:
        unread: int = window["objects_refused"] + window["objects"] - window["objects_done"]
        return unread or None
    if window["declared"] is None:
        return None
    few: int = window["declared"] - window["stored"] - window["duplicate"]
    return max(0, few)


def _passes(entry: dict[str, Any]) -> bool:
    """Incomplete does not pass, nor does an account without a core resource."""
    absent = entry["state"] == "not_available" and entry["resource"] in CORE
    return entry["state"] != "incomplete" and not absent


def _resource(resource: Resource, windows: list[Window]) -> dict[str, Any]:
    entries = [_window(each) for each in windows]
    reasons = sorted({reason for each in entries for reason in each["reasons"]})
    absent = all(each.state == WindowState.ABSENT for each in windows)
    state = "not_available" if absent else "incomplete" if reasons else "complete"
    declared = [each.declared for each in windows]
    known = [count for count in declared if count is not None]
    objects = [each.objects for each in windows if each.objects is not None]
    return {
        "resource": resource.name,
        "state": state,
        "complete": state == "complete",
        "reasons": reasons,
        "without": None if state == "complete" else resource.without,
        "declared": sum(known) if len(known) == len(declared) else None,
        **{name: sum(getattr(each, name) for each in windows) for name in _COUNTS},
        "objects": sum(objects) if objects else None,
        **{name: sum(getattr(each, name) for each in windows) for name in _OBJECTS},
        "read_at": _instant(max((e.read_at for e in windows if e.read_at), default=None)),
        "windows": entries,
    }


def _window(window: Window) -> dict[str, Any]:
    return {
        "since": _instant(window.since),
        "until": _instant(window.until),
        "declared": window.declared,
        **{name: getattr(window, name) for name in _COUNTS},
        "objects": window.objects,
        **{name: getattr(window, name) for name in _OBJECTS},
        "reasons": shortcomings(window),
        "fields": (window.fields or "").split(),
        "read_at": _instant(window.read_at),
        "carried": window.carried,
    }


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else wire(moment)
