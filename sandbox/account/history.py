"""Makes the log of every incident of an account and brings the log to its exact length."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from sandbox import instants
from sandbox.account.model import Incident, LogEntry, Organisation
from sandbox.account.roster import Roster
from sandbox.account.sizes import Size
from sandbox.account.timeline import Timeline
from sandbox.account.traffic import arrivals


@dataclass(frozen=True, slots=True)
class History:
    """Incidents and log entries, both oldest first; `first_trigger[i]` is a log position."""

    incidents: Sequence[Incident]
    log_entries: Sequence[LogEntry]
    first_trigger: Sequence[int]


def make_history(organisation: Organisation, size: Size, as_of: int, rng: Random) -> History:
    """`size.incidents` incidents and exactly `size.log_entries` log entries up to `as_of`."""
    since = as_of - (size.days + 1) * instants.DAY
    roster = Roster(organisation, since, as_of + instants.DAY)
    incidents: list[Incident] = []
    entries: list[LogEntry] = []
    for arrival in arrivals(organisation, size, as_of, rng):
        timeline = Timeline(len(incidents), organisation, roster, rng, as_of)
        incidents.append(timeline.write(arrival))
        entries.extend(timeline.entries)
    entries = _fit(entries, incidents, size.log_entries, as_of, rng)
    entries.sort(key=lambda one: one.at)
    first = {one.incident: n for n, one in enumerate(entries) if one.type == "trigger_log_entry"}
    return History(incidents, entries, [first[n] for n in range(len(incidents))])


def _fit(
    entries: list[LogEntry], incidents: list[Incident], count: int, as_of: int, rng: Random
) -> list[LogEntry]:
    """Too long: fewer notifications. Too short: more of them, and notes."""
    if len(entries) > count:
        pages = [n for n, one in enumerate(entries) if one.type == "notify_log_entry"]
        dropped = set(rng.sample(pages, len(entries) - count))
        return [one for n, one in enumerate(entries) if n not in dropped]
    assigns = [one for one in entries if one.type == "assign_log_entry" and one.people]
    missing = count - len(entries)
    return entries + [_filler(rng.choice(assigns), incidents, as_of, rng) for _ in range(missing)]


def _filler(assign: LogEntry, incidents: list[Incident], as_of: int, rng: Random) -> LogEntry:
    person = rng.choice(assign.people)
    end = incidents[assign.incident].resolved or as_of
    if rng.random() < 0.7:
        at = min(assign.at + rng.randrange(10, 120) * instants.SECOND, end)
        return LogEntry(at, "notify_log_entry", assign.incident, -1, "auto", (person,))
    at = min(assign.at + rng.randrange(60, 3600) * instants.SECOND, end)
    return LogEntry(at, "annotate_log_entry", assign.incident, person, "note")
