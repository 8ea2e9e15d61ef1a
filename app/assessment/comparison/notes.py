"""What a reader of two windows must not mistake for success."""

from collections.abc import Sequence

from app.assessment.comparison.changes import Change

_RECOVERY = ("ttr_all_median_s", "ttr_dora_median_s")
FEWER = (
    "Recovery is quicker, but there were also fewer incidents or another share of transient ones. "
    "Transient incidents pull the time to recover down: read it with and without them."
)


def notes(changes: Sequence[Change]) -> list[str]:
    """A quicker recovery is no success by itself where the mix of incidents changed."""
    by_measure = {each.measure: each for each in changes}
    quicker = any(_fell(by_measure.get(name)) for name in _RECOVERY)
    transient = by_measure.get("transient_share")
    other = transient is not None and bool(transient.test.changed)
    fewer = _fell(by_measure.get("incident_count"))
    return [FEWER] if quicker and (fewer or other) else []


def _fell(change: Change | None) -> bool:
    if change is None or change.test.changed is None:
        return False
    if change.baseline.value is None or change.followup.value is None:
        return False
    return change.followup.value < change.baseline.value
