"""The company drawn by chance, with everything in its log that a metric may read."""

from collections.abc import Iterator
from dataclasses import replace

from app.assessment.rows import Facts, Incident, LogEntry, Oncall
from tests.factories.generated_company import company, entry_of
from tests.factories.rows import MINUTE

_TIMER = {"agent_type": "service", "channel_type": "timeout"}
_PERSON = {"agent_type": "user", "channel_type": "website"}
_KINDS = 8


def busy_company(seed: int) -> Facts:
    """With permanent duty that no policy names, and chains that end, repeat and change hands."""
    facts = company(seed)
    people = [each.id for each in facts.responders]
    always = [
        Oncall(each.id, 2, people[at], None, None, None)
        for at, each in enumerate(facts.escalation_policies)
    ]
    extra = [
        entry
        for at, incident in enumerate(facts.incidents)
        for entry in _extra(incident, at, people)
    ]
    return replace(
        facts, oncalls=[*facts.oncalls, *always], log_entries=[*facts.log_entries, *extra]
    )


def _extra(incident: Incident, at: int, people: list[bytes]) -> Iterator[LogEntry]:
    one, other = people[at % len(people)], people[(at + 1) % len(people)]
    begin, end = incident.created_at, incident.resolved_at
    kind = at % _KINDS
    if kind == 0:
        yield entry_of(incident, "exhaust_escalation_path", begin + 30 * MINUTE, **_TIMER)
    if kind == 1:
        yield entry_of(incident, "repeat_escalation_path", begin + 40 * MINUTE, **_TIMER)
    if kind == 2:
        person = {**_PERSON, "agent_id": one}
        yield entry_of(incident, "assign", begin + 7 * MINUTE, assignees=(one,), **person)
        yield entry_of(incident, "assign", begin + 9 * MINUTE, assignees=(other,), **person)
    if kind == 3:
        yield entry_of(incident, "delegate", begin + 5 * MINUTE, **_PERSON)
    if kind == 4:
        yield entry_of(incident, "unacknowledge", begin + 35 * MINUTE, **_TIMER)
    if kind == 5 and end is not None:
        yield entry_of(incident, "resolve", end - 3 * MINUTE, **_TIMER)
        yield entry_of(incident, "trigger", end - 2 * MINUTE)
    if kind == 6:
        yield entry_of(incident, "annotate", begin + 3 * MINUTE, agent_id=one, **_PERSON)
