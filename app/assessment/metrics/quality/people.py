"""Whose time zone is known, and who is not known at all."""

from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter

from app.assessment.account import Account
from app.assessment.figures import Value, count, share
from app.assessment.metric import Measure, metric
from app.assessment.needs import DUTY, LIFECYCLE, REACH, ZONES
from app.assessment.rows import UNKNOWN_ZONE, Facts
from app.assessment.scopes import Scope
from app.assessment.structure.reach import gone, users


@metric(
    "DQ-08",
    "Known time zones",
    Measure("people_zone_share", "People whose time zone is known", "ratio", privacy="P1"),
    Measure("schedule_zone_share", "Schedules whose time zone is known", "ratio", needs=DUTY),
    Measure("unknown_zone_count", "Time zones of unknown name", "count"),
    levels="ATS",
    sample="prop",
    chart="bar",
    needs=(),
    uses=(*LIFECYCLE, *REACH, *ZONES, "services"),
)
def time_zones(account: Account, scope: Scope) -> Iterator[Value]:
    """People with a shift on a schedule of the place or interrupted by its incidents, of whom a
    zone is known, their own (the account's where they set none) or, if people were not read, that
    of a schedule they are on, over all of them; schedules with a zone over all schedules. The
    others are assumed to live in the time zone of the account, but for those whose zone has a name
    that no table knows: nothing is computed from it, and the account counts them by kind."""
    if scope.level != "schedule":
        people = {*account.duty.person_spans(scope.schedules)}
        people |= set(account.interruptions.of(scope).starts)
        known = {person: float(account.zones.known(person)) for person in sorted(people)}
        value = share("people_zone_share", round(sum(known.values())), len(known))
        yield value._replace(people=known)
    unsure = (None, UNKNOWN_ZONE)
    zoned = {each.id for each in account.facts.schedules if each.time_zone not in unsure}
    yield share("schedule_zone_share", len(scope.schedules & zoned), len(scope.schedules))
    if scope.level == "account":
        for kind, zones in _zones(account.facts).items():
            yield count("unknown_zone_count", zones.count(UNKNOWN_ZONE), len(zones), kind)


def _zones(facts: Facts) -> Mapping[str, list[str | None]]:
    hours = [each.support_hours for each in facts.services]
    return {
        "person": [each.time_zone for each in facts.responders],
        "schedule": [each.time_zone for each in facts.schedules],
        "support_hours": [each.time_zone for each in hours if each is not None],
    }


@metric(
    "DQ-12",
    "Unknown people",
    Measure(
        "unknown_people_share", "People who are not in the list of users", "ratio", needs=ZONES
    ),
    Measure(
        "deleted_people_count",
        "Deleted people who are on call by the plan",
        "count",
        sample="exact",
        needs=("schedules",),
    ),
    sample="prop",
    source="PagerDuty's own reports leave deleted users out; here they stay",
    needs=(),
    uses=(*LIFECYCLE, *REACH, *ZONES),
)
def unknown_people(account: Account, scope: Scope) -> Iterable[Value]:
    """People whom incidents, log entries, shifts or policies name and who are not in the list of
    users, because they were deleted, over all people named. Not known where the client does not
    allow the list to be read, or where it was not read to its end. Of the people whom rosters,
    shifts and levels of policies name: how many were deleted, by that list or by a roster that
    marks them."""
    listed = users(account.facts)
    named = _named(account.facts)
    planned = {person for each in account.facts.schedules for person in each.roster}
    left = len(gone(account.facts))
    told = listed is not None or left
    deleted = Value("deleted_people_count", left if told else None, len(planned))
    if listed is None:
        return (Value("unknown_people_share", None, 0), deleted)
    return (share("unknown_people_share", len(named - listed), len(named)), deleted)


def _named(facts: Facts) -> set[bytes]:
    # No loop of Python's own: there are a million entries.
    found: set[bytes | None] = set(map(attrgetter("user_id"), facts.log_entries))
    agents = set(map(attrgetter("agent_type", "agent_id"), facts.log_entries))
    found.update(agent for kind, agent in agents if kind == "user")
    found.update(*set(map(attrgetter("assignees"), facts.log_entries)))
    found.update(e.user_id for each in (facts.schedule_entries, facts.overrides) for e in each)
    found.update(t.id for rule in facts.escalation_rules for t in rule.targets if t.type == "user")
    found.update(r.user_id for i in facts.incidents for r in i.responders)
    found.update(each.user_id for each in facts.oncalls)
    return {person for person in found if person is not None}
