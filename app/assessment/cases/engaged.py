"""Who worked on an incident, and since when (INC-13, INC-14, INC-15)."""

from collections.abc import Mapping

from app.assessment.cases.timeline import Timeline
from app.assessment.rows import AddedResponder
from app.assessment.spans import clip, total


def engaged_since(timeline: Timeline, as_of: int) -> Mapping[bytes, int]:
    """Per person the first act that takes part in it, or yes to a request, in microseconds.

    What is noted after its end is no part in it.
    """
    since: dict[bytes, int] = {}
    for entry in map(timeline.steps.__getitem__, timeline.shape.parts):
        if entry.agent_id is not None and entry.created_at <= timeline.end:
            since.setdefault(entry.agent_id, entry.created_at)
    for added in timeline.incident.responders:
        at = joined_at(added, min(as_of, timeline.end))
        if at is not None and added.user_id is not None:
            since[added.user_id] = min(since.get(added.user_id, at), at)
    return since


def worked(timeline: Timeline, engaged: Mapping[bytes, int]) -> Mapping[bytes, int]:
    """Per person microseconds until the incident ended, while it was open.

    Impossible times are left out (C5).
    """
    if timeline.resolved and timeline.resolved_at is None:
        return {}
    created, end, spans = timeline.incident.created_at, timeline.end, timeline.spans
    since = {who: at for who, at in engaged.items() if created <= at}
    if len(spans) == 1:
        return {who: end - at for who, at in since.items()}
    return {who: total(clip(spans, at, end)) for who, at in since.items()}


def joined_at(added: AddedResponder, as_of: int) -> int | None:
    """When a person who was requested accepted; None if they did not, or not by the snapshot."""
    at = added.updated_at
    return at if added.state == "joined" and at is not None and at <= as_of else None


def is_major(
    timeline: Timeline, engaged: Mapping[bytes, int], top_priorities: frozenset[bytes]
) -> bool:
    """One of the account's two highest priorities, or two people who were added and came."""
    incident = timeline.incident
    if incident.priority_id in top_priorities:
        return True
    if not incident.responders:
        return False
    accepted = {added.user_id for added in incident.responders if added.user_id in engaged}
    return len(accepted) >= 2
