"""Whom the levels of an escalation policy reach."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from app.assessment.cases.roster import NOBODY, Roster
from app.assessment.rows import EscalationRule


class Levels:
    """The levels of every escalation policy, as they are today."""

    def __init__(self, rules: Iterable[EscalationRule], roster: Roster) -> None:
        policies: defaultdict[bytes, list[EscalationRule]] = defaultdict(list)
        for rule in rules:
            policies[rule.escalation_policy_id].append(rule)
        self._policies: Mapping[bytes, list[EscalationRule]] = {
            policy: sorted(found, key=lambda rule: rule.level) for policy, found in policies.items()
        }
        self._roster = roster

    def schedules(self, policies: Iterable[bytes]) -> frozenset[bytes]:
        """Every schedule on any level of ``policies``."""
        return frozenset(
            target.id
            for policy in policies
            for rule in self.of(policy)
            for target in rule.targets
            if target.type == "schedule"
        )

    def of(self, policy: bytes | None) -> Sequence[EscalationRule]:
        """Rules of ``policy`` in order; empty where it was deleted."""
        return self._policies.get(policy, ()) if policy is not None else ()

    def start(self, rules: Sequence[EscalationRule], at: int) -> int:
        """First level with anybody on call at ``at``, else 1.

        A schedule that was not collected is taken as covered: unknown is not a gap.
        """
        for rule in rules:
            if self._covered(rule, at):
                return rule.level
        return 1

    def reached(
        self, rules: Sequence[EscalationRule], assignees: Sequence[bytes], at: int, after: int = 0
    ) -> int | None:
        """First level past ``after`` that has all ``assignees`` at ``at``; None without one."""
        wanted = set(assignees)
        if not wanted:
            return None
        later = (rule for rule in rules if rule.level > after)
        return next((rule.level for rule in later if wanted <= self._people(rule, at)), None)

    def _people(self, rule: EscalationRule, at: int) -> set[bytes]:
        found: set[bytes] = set()
        for target in rule.targets:
            if target.type == "user":
                found.add(target.id)
            else:
                found |= self._roster.on_call(target.id, at) or NOBODY
        return found

    def _covered(self, rule: EscalationRule, at: int) -> bool:
        for target in rule.targets:
            if target.type == "user" or self._roster.on_call(target.id, at) != NOBODY:
                return True
        return False
