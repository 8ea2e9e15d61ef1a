"""Who first acknowledged which incident (ONC-12, LOAD-04)."""

from collections.abc import Mapping

from app.assessment.cases.case import Case
from app.assessment.cases.columns import Columns, Places


def first_acks(columns: Columns, places: Places) -> Mapping[bytes, int]:
    """Per person how many incidents they were the first to acknowledge, in the order of ids."""
    found = columns.words(_first).counts(places)
    return {bytes.fromhex(person): number for person, number in found.items()}


def _first(case: Case) -> str | None:
    """The person behind the first human ack in the log."""
    acks = case.timeline.acks
    return acks[0].agent_id.hex() if acks and acks[0].agent_id is not None else None
