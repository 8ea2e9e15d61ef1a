"""WE6: episodes of flapping and storms, with their incidents."""

from collections.abc import Mapping, Sequence

import numpy as np

from app.assessment.bursts import flaps, storms_of
from app.assessment.cases.case import Case
from app.assessment.options import MICROSECONDS
from app.core.clock import from_microseconds, wire
from app.examples.worked import Extract, Worked


def _base(worked: Worked) -> list[Case]:
    return [case for case in worked.result.account.cases if not case.merged]


def _flap_episodes(worked: Worked, expected: object) -> object:
    account = worked.result.account
    base = np.array([case.number for case in _base(worked)], dtype=np.int64)
    stretches = []
    for places in flaps(account.columns, base, worked.options):
        episode = [account.cases[at] for at in places]
        starts = [case.incident.created_at for case in episode]
        numbers = [case.incident.id for case in episode]
        stretches.append(_Stretch(starts[0], starts[-1], numbers, episode[0].incident.service_id))
    return _shaped(worked, stretches, expected)


def _storms(worked: Worked, expected: object) -> object:
    found = storms_of(_base(worked), worked.options)
    stretches = [_Stretch(storm.start, storm.end, numbers, None) for storm, numbers in found]
    return _shaped(worked, stretches, expected)


class _Stretch:
    """An episode or a storm, told in as many ways as an example may ask."""

    def __init__(self, start: int, end: int, incidents: list[bytes], service: bytes | None) -> None:
        self.start, self.end = start, end
        self.incidents = incidents
        self.service = service

    def as_map(self, asked: Mapping[str, object]) -> dict[str, object]:
        """The fields that are asked for, by any of their names."""
        return {name: self._field(name, told) for name, told in asked.items()}

    def _field(self, name: str, told: object) -> object:
        if name in {"service", "service_id"}:
            return self.service
        if name in {"start", "since", "from", "begin", "first"}:
            return wire(from_microseconds(self.start)) if isinstance(told, str) else self.start
        if name in {"end", "until", "to", "last"}:
            return wire(from_microseconds(self.end)) if isinstance(told, str) else self.end
        if name in {"duration_s", "length_s", "seconds"}:
            return (self.end - self.start) / MICROSECONDS
        return self.incidents if isinstance(told, list) else len(self.incidents)

    def as_row(self, asked: Sequence[object]) -> list[object]:
        """``[start, end, incidents]`` or ``[start, incidents]``."""
        times = iter((self.start, self.end))
        return [
            wire(from_microseconds(next(times))) if isinstance(told, str) else len(self.incidents)
            for told in asked[:3]
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


def _one(stretch: _Stretch, told: object) -> object:
    """As the expected one is: a map, a row, a number of incidents, or the incidents."""
    if isinstance(told, Mapping):
        return stretch.as_map(told)
    if isinstance(told, list) and any(isinstance(each, int) for each in told):
        return stretch.as_row(told)
    return len(stretch.incidents) if isinstance(told, int | float) else stretch.incidents


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
    told = next(iter(expected.values()), None)
    grouped: dict[str, list[_Stretch]] = {}
    for stretch in found:
        grouped.setdefault(str(worked.ids.raw(stretch.service)), []).append(stretch)
    if not isinstance(told, list):
        return {service: len(each) for service, each in grouped.items()}
    return {service: _shaped(worked, each, told) for service, each in grouped.items()}


KEYS: dict[str, Extract] = {
    "flap_episodes": _flap_episodes,
    "storms": _storms,
    "ttr_median_all_s": lambda worked, _: worked.measured("ttr_all_median_s")[0].value,
}
