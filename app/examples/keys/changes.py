"""WE7: changes and the incidents that are blamed on them."""

from collections.abc import Mapping

from app.assessment.changes import attributed_incidents
from app.assessment.options import MICROSECONDS
from app.examples.worked import Extract, Worked


def _window_us(worked: Worked) -> int:
    return worked.options.attribution_window_s * MICROSECONDS


def _attributed(worked: Worked, expected: object) -> object:
    """Incidents per change, their number, or the change of each incident, as expected."""
    found = attributed_incidents(worked.result.account.changes, _window_us(worked))
    changes = [change.id for change in worked.facts.change_events]
    wanted = expected if isinstance(expected, Mapping) else {}
    first = next(iter(wanted.values()), None)
    incidents = worked.ids.raw([incident for each in found.values() for incident in each])
    if set(wanted) & set(incidents):
        return {incident: change for change, each in found.items() for incident in each}
    if isinstance(first, int):
        return dict.fromkeys(changes, 0) | {change: len(each) for change, each in found.items()}
    if isinstance(first, str):
        return {change: each[0] if len(each) == 1 else each for change, each in found.items()}
    return {change: found.get(change, []) for change in {*changes, *found}}


def _failed(worked: Worked, _: object) -> object:
    found = worked.result.account.changes.failed(None, _window_us(worked))
    return [change.id for change in found]


def _chance_rate(worked: Worked, raw: str) -> object:
    service = worked.ids.pseudonym("service", raw)
    return worked.result.account.changes.chance(frozenset({service}), _window_us(worked))


KEYS: dict[str, Extract] = {"attributed_incidents": _attributed, "failed_changes": _failed}
PREFIXES = {"chance_rate_": _chance_rate}
