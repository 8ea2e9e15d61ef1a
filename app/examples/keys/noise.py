"""WE6: episodes of flapping and storms, with their incidents."""

from collections.abc import Mapping, Sequence

import numpy as np

from app.assessment.bursts import flaps, starts_of, storms_at
from app.assessment.cases.columns import Places
from app.assessment.options import MICROSECONDS
from app.core.clock import from_microseconds, wire
from app.examples.worked import Extract, Worked


def _base(worked: Worked) -> Places:
    """Population B, by creation."""
    found = [case.number for case in worked.result.account.cases if not case.merged]
    return np.array(found, dtype=np.int64)


def _flap_episodes(worked: Worked, expected: object) -> object:
    account = worked.result.account
    stretches = []
    for places in flaps(account.columns, _base(worked), worked.options):
        episode = [account.cases[at] for at in places]
        starts = [case.incident.created_at for case in episode]
        numbers = [case.incident.id for case in episode]
        stretches.append(_Stretch(starts[0], starts[-1], numbers, episode[0].incident.service_id))
    return _shaped(worked, stretches, expected)


def _storms(worked: Worked, expected: object) -> object:
    account = worked.result.account
    starts = starts_of(account.columns, _base(worked), worked.options)
    stretches = []
    for storm in storms_at(starts, worked.options):
        numbers = [account.cases[at].incident.id for at in starts.within([storm])]
        stretches.append(_Stretch(storm.start, storm.end, numbers, None))
    return _shaped(worked, stretches, expected)


class _Stretch:
    """An episode or a storm, in every form that an example may expect."""

    def __init__(self, start: int, end: int, incidents: list[bytes], service: bytes | None) -> None:
        self.start, self.end = start, end
        self.incidents = incidents
        self.service = service

    def as_map(self, wanted: Mapping[str, object]) -> dict[str, object]:
        """The expected fields, by any of their names."""
        return {name: self._field(name, form) for name, form in wanted.items()}

    def _field(self, name: str, wanted: object) -> object:
        if name in {"service", "service_id"}:
            return self.service
        if name in {"start", "since", "from", "begin", "first"}:
            return wire(from_microseconds(self.start)) if isinstance(wanted, str) else self.start
        if name in {"end", "until", "to", "last"}:
            return wire(from_microseconds(self.end)) if isinstance(wanted, str) else self.end
        if name in {"duration_s", "length_s", "seconds"}:
            return (self.end - self.start) / MICROSECONDS
        return self.incidents if isinstance(wanted, list) else len(self.incidents)

    def as_row(self, wanted: Sequence[object]) -> list[object]:
        """``[start, end, incidents]`` or ``[start, incidents]``."""
        times = iter((self.start, self.end))
        return [
            wire(from_microseconds(next(times))) if isinstance(form, str) else len(self.incidents)
            for form in wanted[:3]
        ]


def _shaped(worked: Worked, found: Sequence[_Stretch], expected: object) -> object:
    if isinstance(expected, int):
        return len(found)
    if isinstance(expected, Mapping):
        return _by_service(worked, found, expected)
    first = expected[0] if isinstance(expected, list) and expected else None
    if isinstance(first, str):
        return _flat(worked, found, first)
    return [_one(stretch, first) for stretch in found]


def _one(stretch: _Stretch, wanted: object) -> object:
    """As the expected one is: a map, a row, a number of incidents, or the incidents."""
    if isinstance(wanted, Mapping):
        return stretch.as_map(wanted)
    if isinstance(wanted, list) and any(isinstance(each, int) for each in wanted):
        return stretch.as_row(wanted)
    return len(stretch.incidents) if isinstance(wanted, int | float) else stretch.incidents


def _flat(worked: Worked, found: Sequence[_Stretch], first: str) -> object:
    """Services of the episodes, or every incident in them, as the first id says."""
    services = worked.ids.raw([stretch.service for stretch in found])
    if first in services:
        return sorted({str(service) for service in services})
    return [number for stretch in found for number in stretch.incidents]


def _by_service(
    worked: Worked, found: Sequence[_Stretch], expected: Mapping[str, object]
) -> object:
    """Per service its episodes: their number, or incidents, as expected."""
    wanted = next(iter(expected.values()), None)
    grouped: dict[str, list[_Stretch]] = {}
    for stretch in found:
        grouped.setdefault(str(worked.ids.raw(stretch.service)), []).append(stretch)
    if not isinstance(wanted, list):
        return {service: len(each) for service, each in grouped.items()}
    return {service: _shaped(worked, each, wanted) for service, each in grouped.items()}


KEYS: dict[str, Extract] = {
    "flap_episodes": _flap_episodes,
    "storms": _storms,
    "ttr_median_all_s": lambda worked, _: worked.measured("ttr_all_median_s")[0].value,
}
