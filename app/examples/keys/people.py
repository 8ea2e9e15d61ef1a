"""WE3: interruptions and nights, person by person."""

from collections.abc import Mapping

from app.assessment.metrics.interruptions import by_person
from app.examples.worked import Extract, Worked, per_person_or

_CHANNELS = ("push", "sms", "phone", "email")


def _by_user_band(worked: Worked, expected: object) -> object:
    """Per person a map of bands; or, where expected so, one map of ``"person band"``."""
    found = worked.ids.raw(by_person.interruptions_by_user_band(worked.result.account))
    wanted = expected if isinstance(expected, Mapping) else {}
    if all(isinstance(each, Mapping) for each in wanted.values()):
        return found
    bands = {band for counts in found.values() for band in counts}
    flat = {}
    for person, counts in found.items():
        for band in bands:
            flat[_joined(wanted, person, band)] = counts.get(band, 0)
    return flat


def _by_channel(worked: Worked, _: object) -> object:
    """Of a log that was read, a channel without an entry has none."""
    found = {each.key: each.value for each in worked.measured("notifications_by_channel")}
    return (dict.fromkeys(_CHANNELS, 0) if worked.facts.log_entries else {}) | found


def _joined(wanted: Mapping[str, object], person: str, band: str) -> str:
    """The key that names both, however it joins them."""
    ends = (key for key in wanted if key.startswith(person) and key.endswith(band))
    starts = (key for key in wanted if key.startswith(band) and key.endswith(person))
    return next(ends, next(starts, f"{person}.{band}"))


KEYS: dict[str, Extract] = {
    "notifications_by_channel": _by_channel,
    "interruptions_by_user": per_person_or(
        lambda worked: by_person.interruptions_by_user(worked.result.account), sum
    ),
    "interruptions_by_user_band": _by_user_band,
    "disturbed_nights": per_person_or(
        lambda worked: by_person.disturbed_nights_by_user(worked.result.account), sum
    ),
    "longest_disturbed_run": per_person_or(
        lambda worked: by_person.longest_disturbed_run_by_user(worked.result.account),
        lambda found: max(found, default=None),
    ),
}
