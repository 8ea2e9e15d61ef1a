"""Whom the levels of a policy reach when, and when they reach nobody (ONC-09, ONC-10)."""

from collections.abc import Sequence
from functools import cached_property

from app.assessment.duty.duty import Duty
from app.assessment.duty.rota import targets
from app.assessment.duty.support import expected_spans
from app.assessment.duty.zones import Zones
from app.assessment.options import MICROSECONDS
from app.assessment.rows import EscalationRule
from app.assessment.spans import Spans, at_least, gaps, total, union, without

GAP_US = 60 * MICROSECONDS
"""What is shorter is a seam between two shifts and no gap."""


class Coverage:
    """Cover of every policy over one stretch of time.

    A schedule that was not collected, and support hours in an unknown time zone, are unknown: what
    depends on them is None, not a gap.
    """

    def __init__(self, duty: Duty, zones: Zones) -> None:
        self.duty = duty
        self._zones = zones
        self._expected: dict[bytes, Spans | None] = {}
        self._uncovered: dict[tuple[bytes, int | None], Spans | None] = {}

    @cached_property
    def in_use(self) -> frozenset[bytes]:
        """Policies that any service uses: those of which a gap loses incidents."""
        return frozenset(self.duty.rota.services) & self.duty.rota.policies

    def expected(self, policy: bytes) -> Spans | None:
        """When a service behind the policy can page; None where that is not known."""
        if policy not in self._expected:
            services = self.duty.rota.services.get(policy, ())
            whole = self.duty.since, self.duty.until
            self._expected[policy] = expected_spans(services, self._zones, whole)
        return self._expected[policy]

    def uncovered(self, policy: bytes) -> Spans | None:
        """Expected time in which no level reaches anybody; None where that is not known."""
        found = self._left(policy, None, self.duty.rules.get(policy, ()))
        return None if found is None else _gaps(found)

    def seams(self, policy: bytes) -> Spans | None:
        """What of that is too short for a gap; None where that is not known."""
        found = self._left(policy, None, self.duty.rules.get(policy, ()))
        return None if found is None else _seams(found)

    def level_uncovered(self, rule: EscalationRule) -> Spans | None:
        """Expected time in which one level reaches nobody; None where that is not known."""
        found = self._left(rule.escalation_policy_id, rule.level, (rule,))
        return None if found is None else _gaps(found)

    def first_uncovered(self, policy: bytes) -> Spans | None:
        """The same of level 1; None also for a policy without levels."""
        rules = self.duty.rules.get(policy, ())
        return self.level_uncovered(rules[0]) if rules else None

    def schedule_gaps(self, schedule: bytes) -> Spans:
        """What the shifts of a schedule leave of the whole time; one without any is one gap."""
        return _gaps(self._schedule_left(schedule))

    def schedule_seams(self, schedule: bytes) -> Spans:
        """What of that is too short for a gap."""
        return _seams(self._schedule_left(schedule))

    def single_responder(self, policy: bytes) -> Spans | None:
        """When exactly one person is reached over all levels, of a policy with two or more.

        None for a policy of one level, or one with a schedule that was not collected.
        """
        rules = self.duty.rules.get(policy, ())
        if len(rules) < 2 or not all(map(self.duty.level_known, rules)):
            return None
        people = self.reached(policy)
        spans = [span for found in people.values() for span in found]
        return without(at_least(spans, 1), at_least(spans, 2))

    def reached(self, policy: bytes) -> dict[bytes, Spans]:
        """Per person when any level of a policy reaches them; direct users all the time."""
        people = self.duty.person_spans(targets(self.duty.rules.get(policy, ())))
        return people | dict.fromkeys(self.duty.rota.direct((policy,)), self.duty.whole)

    def _schedule_left(self, schedule: bytes) -> Spans:
        return gaps(self.duty.covered(schedule), self.duty.since, self.duty.until)

    def _left(
        self, policy: bytes, level: int | None, rules: Sequence[EscalationRule]
    ) -> Spans | None:
        key = (policy, level)
        if key not in self._uncovered:
            covered = union(span for rule in rules for span in self.duty.level_covered(rule))
            expected = self.expected(policy)
            left = without(self.duty.whole if expected is None else expected, covered)
            rules_known = policy in self.duty.rota.policies
            known = rules_known and all(map(self.duty.level_known, rules))
            certain = (known and expected is not None) or not left
            self._uncovered[key] = left if certain else None
        return self._uncovered[key]


def _gaps(left: Spans) -> Spans:
    return [span for span in left if total((span,)) >= GAP_US]


def _seams(left: Spans) -> Spans:
    return [span for span in left if total((span,)) < GAP_US]
