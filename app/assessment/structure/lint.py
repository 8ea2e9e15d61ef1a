"""What can be said of a policy's set-up with yes or no, by the name of its measure (POL)."""

from collections.abc import Callable, Iterable, Mapping

from app.assessment.options import AssessmentOptions
from app.assessment.structure.policies import Policy

Check = Callable[[Policy, AssessmentOptions], bool | None]
"""None where the collected records do not show it."""
UNCOVERED_SHARE = 0.01
"""Above it a level counts as uncovered (our judgment)."""


def failing(name: str, policies: Iterable[Policy], options: AssessmentOptions) -> list[bytes]:
    """Ids of the policies for which ``name`` is true, in the order of ids."""
    check = CHECKS[name]
    return sorted(policy.id for policy in policies if check(policy, options))


def empty_levels(policy: Policy) -> list[int]:
    """Levels that reach nobody in the whole window."""
    return [rule.level for rule, empty in zip(policy.rules, policy.empty, strict=True) if empty]


def uncovered_levels(policy: Policy) -> list[int]:
    """Levels that reach nobody for more than ``UNCOVERED_SHARE`` of the expected time."""
    shares = zip(policy.rules, policy.uncovered, strict=True)
    return [rule.level for rule, share in shares if share is not None and share > UNCOVERED_SHARE]


def _known(check: Callable[[Policy], bool]) -> Check:
    """A check that rests on the rules: not known where none was collected."""
    return lambda policy, _: check(policy) if policy.rules else None


def _people(number: int) -> Check:
    def check(policy: Policy, _: AssessmentOptions) -> bool | None:
        return None if policy.reachable is None else len(policy.reachable) == number

    return check


def _short(policy: Policy, options: AssessmentOptions) -> bool | None:
    if not policy.rules:
        return None
    return any(minutes < options.short_timeout_min for minutes in policy.timeouts.values())


def _long(policy: Policy, options: AssessmentOptions) -> bool | None:
    if not policy.rules:
        return None
    return any(minutes > options.long_timeout_min for minutes in policy.timeouts.values())


def _long_and_urgent(policy: Policy, options: AssessmentOptions) -> bool | None:
    long = _long(policy, options)
    return None if long is None else long and bool(policy.urgent_services)


def _no_repeat(policy: Policy, _: AssessmentOptions) -> bool | None:
    return None if policy.loops is None else policy.loops == 0


CHECKS: Mapping[str, Check] = {
    "one_level_policies": _known(lambda policy: len(policy.rules) == 1),
    "fewer_than_two_unique_levels": _known(lambda policy: policy.unique_levels < 2),
    "fewer_than_three_unique_levels": _known(lambda policy: policy.unique_levels < 3),
    "nobody_policies": _people(0),
    "single_person_policies": _people(1),
    "two_person_policies": _people(2),
    "policies_with_direct_user": _known(lambda policy: bool(policy.user_levels)),
    "policies_with_direct_user_first": _known(
        lambda policy: policy.rules[0].level in policy.user_levels
    ),
    "policies_only_users": _known(lambda policy: policy.only_users),
    "policies_with_same_person": _known(lambda policy: bool(policy.repeated)),
    "short_timeouts": _short,
    "long_timeouts": _long,
    "long_timeouts_urgent": _long_and_urgent,
    "no_repeat": _no_repeat,
    "policies_with_empty_level": _known(lambda policy: bool(empty_levels(policy))),
    "policies_with_uncovered_level": _known(lambda policy: bool(uncovered_levels(policy))),
    "unused_policies": lambda policy, _: not policy.referenced,
}
