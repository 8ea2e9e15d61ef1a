"""The account of a run: what PagerDuty declared, what came, what is stored, what is missing."""

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Window
from collectors.manifest import COLLECTED


def completeness(session: Session, run_id: int) -> dict[str, Any]:
    """``{"complete": bool, "resources": [...]}``, one entry a resource, in the order collected."""
    grouped: defaultdict[str, list[Window]] = defaultdict(list)
    for window in session.scalars(
        select(Window).where(Window.run_id == run_id).order_by(Window.id)
    ):
        grouped[window.resource].append(window)
    resources = [
        _resource(resource.name, grouped[resource.name])
        for resource in COLLECTED
        if resource.name in grouped
    ]
    return {
        "complete": bool(resources) and all(each["complete"] for each in resources),
        "resources": resources,
    }


def _resource(name: str, windows: list[Window]) -> dict[str, Any]:
    declared = [window.declared for window in windows]
    known = [count for count in declared if count is not None]
    return {
        "resource": name,
        "windows": len(windows),
        "declared": sum(known) if len(known) == len(declared) else None,
        "received": sum(window.received for window in windows),
        "stored": sum(window.stored for window in windows),
        "duplicate": sum(window.duplicate for window in windows),
        "skipped": sum(window.skipped for window in windows),
        "available": all(window.state != "absent" for window in windows),
        "complete": all(_whole(window) for window in windows),
    }


def _whole(window: Window) -> bool:
    """PagerDuty said it was the end, all it declared came, and all that came is stored."""
    return (
        window.state == "done"
        and window.skipped == 0
        and window.declared is not None
        and window.received >= window.declared
        and window.stored + window.duplicate == window.received
    )
