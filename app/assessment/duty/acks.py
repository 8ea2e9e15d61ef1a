"""Who first acknowledged which incident (ONC-12, LOAD-04)."""

from collections.abc import Mapping

from app.assessment.cases.case import Case
from app.assessment.cases.columns import Columns, Places


def first_acks(columns: Columns, places: Places) -> Mapping[bytes, int]:
    """Per person how many incidents they were the first to acknowledge, in the order of ids."""
    return columns.words(_first).counts(places)


def _first(case: Case) -> bytes | None:
    """The person behind the first human ack in the log."""
    acks = case.timeline.shape.acks
    return case.timeline.steps[acks[0]].agent_id if acks else None
