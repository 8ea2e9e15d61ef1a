"""WE4 and WE5: duty person by person, schedule by schedule, policy by policy."""

from collections.abc import Callable, Iterable, Mapping

from app.assessment.duty.crews import Amounts, Crew
from app.assessment.duty.duty import HOUR_US
from app.assessment.duty.duty import hours as hours_of
from app.assessment.duty.handoffs import Handoff, handoffs
from app.assessment.metrics.oncall.handoffs import outside_business
from app.assessment.options import MICROSECONDS
from app.assessment.spans import Spans
from app.assessment.statistics import gini, gini_corrected
from app.examples.worked import Extract, Worked, per_person_or

_AN_HOUR = 1.0
"""On level 1 for at least so long, a person takes part in a rotation (ONC-12)."""


def _schedules(worked: Worked) -> list[bytes]:
    return sorted(worked.result.account.rota.known)


def _crew(worked: Worked) -> Crew:
    return worked.result.account.crews.of(_schedules(worked))


def _people(amounts: Callable[[Crew], Amounts], whole: Callable[..., float | None]) -> Extract:
    return per_person_or(lambda worked: amounts(_crew(worked)), whole)


def _by_clock(amounts: Callable[[Crew], Amounts]) -> Extract:
    """Hours by the local clock: None, not 0, of a person whose zone has an unknown name."""
    extract = _people(amounts, sum)

    def of_zones(worked: Worked, expected: object) -> object:
        found = extract(worked, expected)
        if not isinstance(found, dict):
            return found
        zones = worked.result.account.zones
        return {who: held if zones.of_person(who) else None for who, held in found.items()}

    return of_zones


def _largest(found: Iterable[float]) -> float | None:
    return max(found, default=None)


def _short_rests(crew_of: Worked) -> Amounts:
    return _crew(crew_of).short_rests(crew_of.options.min_rest_s * MICROSECONDS)


def _least_rests(worked: Worked) -> Amounts:
    return {p: min(found) / HOUR_US for p, found in _crew(worked).rests.items() if found}


def _share_of_largest(worked: Worked, _: object) -> object:
    hours = list(_crew(worked).hours.values())
    return max(hours) / sum(hours) if sum(hours) else None


def _of_schedules(one: Callable[[Worked, bytes], float]) -> Extract:
    """Per schedule where a map is expected, else the sum over all of them."""

    def extract(worked: Worked, expected: object) -> object:
        found = {schedule: one(worked, schedule) for schedule in _schedules(worked)}
        return found if isinstance(expected, Mapping) else sum(found.values())

    return extract


def _covered(worked: Worked, schedule: bytes) -> float:
    return hours_of(worked.result.account.duty.covered(schedule))


def _gaps(worked: Worked, schedule: bytes) -> Spans:
    return worked.result.account.coverage.schedule_gaps(schedule)


def _overridden(worked: Worked, schedule: bytes) -> float:
    return hours_of(worked.result.account.duty.overridden(schedule))


def _override_share(worked: Worked, expected: object) -> object:
    shares = {
        schedule: _overridden(worked, schedule) / hours
        for schedule in _schedules(worked)
        if (hours := _covered(worked, schedule))
    }
    if isinstance(expected, Mapping):
        return shares
    hours = sum(_covered(worked, schedule) for schedule in _schedules(worked))
    over = sum(_overridden(worked, schedule) for schedule in _schedules(worked))
    return over / hours if hours else None


def _handoffs(counts: Callable[[Worked, Handoff], bool]) -> Extract:
    def of_one(worked: Worked, schedule: bytes) -> int:
        options = worked.options
        found = handoffs(worked.result.account.rota, schedule, options.since, options.until)
        return sum(counts(worked, each) for each in found)

    return _of_schedules(of_one)


def _outside_business(worked: Worked, found: Handoff) -> bool:
    return bool(outside_business(worked.result.account, found))


def _of_policies(
    spans: Callable[[Worked, bytes], Spans | None], amount: Callable[[Spans], float]
) -> Extract:
    """Per policy; None where a schedule was not collected."""

    def extract(worked: Worked, expected: object) -> object:
        found = {}
        for policy in worked.facts.escalation_policies:
            known = spans(worked, policy.id)
            found[policy.id] = None if known is None else amount(known)
        if isinstance(expected, Mapping):
            return found
        amounts = [each for each in found.values() if each is not None]
        return sum(amounts) if len(amounts) == len(found) else None

    return extract


def _distinct_people(worked: Worked, expected: object) -> object:
    """People with at least an hour on each schedule; on call on any level of each policy, or at
    all."""
    account = worked.result.account
    found = {each: _takes_part(account.crews.of(frozenset({each}))) for each in _schedules(worked)}
    for policy in account.rota.policies:
        crew = account.crews.of(account.levels.schedules((policy,)))
        found[policy] = len(set(crew.active) | account.rota.direct(frozenset({policy})))
    if not isinstance(expected, Mapping):
        return _takes_part(_crew(worked))
    return {place: number for place, number in worked.ids.raw(found).items() if place in expected}


def _takes_part(crew: Crew) -> int:
    return sum(hours >= _AN_HOUR for hours in crew.active.values())


KEYS: dict[str, Extract] = {
    "window_h": lambda worked, _: worked.options.window_us / HOUR_US,
    "covered_h": _of_schedules(_covered),
    "schedule_covered_h": _of_schedules(_covered),
    "schedule_gap_h": _of_schedules(lambda worked, each: hours_of(_gaps(worked, each))),
    "schedule_gap_count": _of_schedules(lambda worked, each: len(_gaps(worked, each))),
    "oncall_h": _people(lambda crew: crew.hours, sum),
    "max_share": _share_of_largest,
    "gini_roster": lambda worked, _: gini(list(_crew(worked).hours.values())),
    "gini_roster_corrected": lambda worked, _: gini_corrected(list(_crew(worked).hours.values())),
    "gini_active": lambda worked, _: gini(list(_crew(worked).active.values())),
    "sleep_h": _by_clock(lambda crew: crew.sleep_hours),
    "weekend_h": _by_clock(lambda crew: crew.weekend_hours),
    "double_duty_h": _people(lambda crew: crew.double_hours, sum),
    "longest_block_h": _people(lambda crew: crew.longest_blocks, _largest),
    "rest_violations": per_person_or(_short_rests, sum),
    "min_rest_h": per_person_or(_least_rests, lambda found: min(found, default=None), none=None),
    "idle_members": lambda worked, _: _crew(worked).idle,
    "schedule_hours_sum": _people(lambda crew: crew.schedule_hours, sum),
    "override_h": _of_schedules(_overridden),
    "override_share": _override_share,
    "handoffs": _handoffs(lambda _worked, _found: True),
    "handoffs_override": _handoffs(lambda _, found: found.at_override),
    "handoffs_outside_business": _handoffs(_outside_business),
    "policy_l1_uncovered_h": _of_policies(
        lambda worked, policy: worked.result.account.coverage.first_uncovered(policy), hours_of
    ),
    "policy_uncovered_h": _of_policies(
        lambda worked, policy: worked.result.account.coverage.uncovered(policy), hours_of
    ),
    "policy_uncovered_count": _of_policies(
        lambda worked, policy: worked.result.account.coverage.uncovered(policy), len
    ),
    "single_responder_h": _of_policies(
        lambda worked, policy: worked.result.account.coverage.single_responder(policy), hours_of
    ),
    "distinct_people": _distinct_people,
}
