"""Whom the levels of a policy reach when, and when they reach nobody (ONC-09, ONC-10)."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from app.assessment.duty.duty import Duty
from app.assessment.duty.rota import targets
from app.assessment.duty.spans import Span, Spans, at_least, gaps, overlap, union, without
from app.assessment.duty.support import always, support_spans
from app.assessment.duty.zones import Zones
from app.assessment.rows import EscalationRule, Service


class Coverage:
    """Cover of every policy over one stretch of time.

    A schedule that was not collected is unknown: what only it could cover is None, not a gap.
    """

    def __init__(self, duty: Duty, zones: Zones) -> None:
        self.duty = duty
        self._zones = zones
        self._expected: dict[bytes, Spans] = {}
        self._uncovered: dict[tuple[bytes, int | None], Spans | None] = {}

    @cached_property
    def in_use(self) -> frozenset[bytes]:
        """Policies that any service uses: those of which a gap loses incidents."""
        return frozenset(self.duty.rota.services) & self.duty.rota.policies

    def expected(self, policy: bytes) -> Spans:
        """Support hours where every service behind the policy has them, else the whole time."""
        if policy not in self._expected:
            self._expected[policy] = self._support(policy)
        return self._expected[policy]

    def uncovered(self, policy: bytes) -> Spans | None:
        """Expected time in which no level reaches anybody; None where that is not known."""
        return self._gaps(policy, None, self.duty.rules.get(policy, ()))

    def level_uncovered(self, rule: EscalationRule) -> Spans | None:
        """Expected time in which one level reaches nobody; None where that is not known."""
        return self._gaps(rule.escalation_policy_id, rule.level, (rule,))

    def first_uncovered(self, policy: bytes) -> Spans | None:
        """The same of level 1; None also for a policy without levels."""
        rules = self.duty.rules.get(policy, ())
        return self.level_uncovered(rules[0]) if rules else None

    def schedule_gaps(self, schedule: bytes) -> Spans:
        """What the shifts of a schedule leave of the whole time; one without any is one gap."""
        return gaps(self.duty.covered(schedule), self.duty.since, self.duty.until)

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

    def _gaps(
        self, policy: bytes, level: int | None, rules: Sequence[EscalationRule]
    ) -> Spans | None:
        key = (policy, level)
        if key not in self._uncovered:
            covered = union(span for rule in rules for span in self.duty.level_covered(rule))
            left = without(self.expected(policy), covered)
            known = policy in self.duty.rota.policies and all(map(self.duty.level_known, rules))
            certain = known or not left
            self._uncovered[key] = left if certain else None
        return self._uncovered[key]

    def _support(self, policy: bytes) -> Spans:
        services = self.duty.rota.services.get(policy, ())
        if always(services):
            return self.duty.whole
        return overlap(self.duty.whole, union(self._spans_of(services)))

    def _spans_of(self, services: Iterable[Service]) -> Iterable[Span]:
        for hours in {each.support_hours for each in services}:
            if hours is None:
                continue
            zone = hours.time_zone or self._zones.account
            clock = self._zones.clock(zone)
            yield from support_spans(hours, clock, self.duty.since, self.duty.until)
