"""How well the collection went, from its certificate."""

from app.assessment.rows import Gathered
from app.models import CollectionRun
from app.operations.assessments.facts.tables import Records
from app.operations.runs.certificate import certificate, missing

_LISTED_BUT_REFUSED = "schedule_details"


def collection_quality(records: Records, run: CollectionRun | None) -> Gathered:
    """Counts of the run's certificate; all zero without a run."""
    if run is None:
        return Gathered()
    certified = certificate(records.session, run)
    resources, lost = certified["resources"], missing(certified)
    windows = [window for each in resources for window in each["windows"]]
    refused = {each["resource"]: each["objects_refused"] for each in resources}
    return Gathered(
        resources=len(resources),
        refused=sum(each["state"] == "not_available" for each in resources),
        windows=len(windows),
        windows_short=sum(bool(window["reasons"]) for window in windows),
        schedules_unrendered=refused.get(_LISTED_BUT_REFUSED, 0) + _without_shifts(records),
        absent=frozenset(name for name, amount in lost.items() if amount == "all"),
        lacking=frozenset(name for name, amount in lost.items() if amount == "a part"),
        short=frozenset(lost),
    )


def _without_shifts(records: Records) -> int:
    """Shift-based schedules that are listed and could not be read by themselves."""
    listed = {schedule for (schedule,) in records.rows("schedule_v3", "id")}
    read = {schedule for (schedule,) in records.rows("schedule_v3_detail", "id")}
    return len(listed - read)
