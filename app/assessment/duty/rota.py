"""How duty is arranged: shifts of every schedule, whole, and the levels that need them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from app.assessment.rows import EscalationRule, Facts, ScheduleEntry, Service
from app.assessment.spans import Span, Spans, union

Schedules = frozenset[bytes]


class Rota:
    """Rows by schedule and by policy, not cut at any window."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @cached_property
    def shifts(self) -> dict[bytes, list[ScheduleEntry]]:
        """Shifts of a person, per schedule and by start; who is nobody has none (C11)."""
        found: defaultdict[bytes, set[ScheduleEntry]] = defaultdict(set)
        for entry in self._facts.schedule_entries:
            if entry.user_id is not None and entry.start < entry.end:
                found[entry.schedule_id].add(entry)
        return {schedule: sorted(found[schedule]) for schedule in sorted(found)}

    @cached_property
    def rendered_until(self) -> int | None:
        """When the last entry ends, of nobody's too; None without any."""
        return max((entry.end for entry in self._facts.schedule_entries), default=None)

    @cached_property
    def known(self) -> Schedules:
        """Schedules that were collected; of any other nobody knows whether it has a gap."""
        listed = {each.id for each in self._facts.schedules}
        return frozenset(listed | set(self.shifts))

    @cached_property
    def overrides(self) -> dict[bytes, dict[bytes, Spans]]:
        """Per schedule and person what an override put them on; touching ones are one."""
        found: defaultdict[bytes, defaultdict[bytes, list[Span]]]
        found = defaultdict(lambda: defaultdict(list))
        marked = (entry for entry in self._facts.schedule_entries if entry.override)
        for entry in (*self._facts.overrides, *marked):
            if entry.user_id is not None:
                found[entry.schedule_id][entry.user_id].append((entry.start, entry.end))
        return {
            schedule: {person: union(spans) for person, spans in sorted(people.items())}
            for schedule, people in sorted(found.items())
        }

    @cached_property
    def rules(self) -> dict[bytes, list[EscalationRule]]:
        """Rules of each policy in order."""
        found: defaultdict[bytes, list[EscalationRule]] = defaultdict(list)
        for rule in self._facts.escalation_rules:
            found[rule.escalation_policy_id].append(rule)
        return {policy: sorted(found[policy], key=_level) for policy in sorted(found)}

    @cached_property
    def policies(self) -> frozenset[bytes]:
        """Policies that were collected; of a deleted one nobody knows the levels."""
        return frozenset({each.id for each in self._facts.escalation_policies} | set(self.rules))

    @cached_property
    def services(self) -> dict[bytes, list[Service]]:
        """Services behind each policy."""
        found: defaultdict[bytes, list[Service]] = defaultdict(list)
        for service in sorted(self._facts.services, key=_id):
            if service.escalation_policy_id is not None:
                found[service.escalation_policy_id].append(service)
        return dict(found)

    def first(self, policies: Iterable[bytes]) -> Schedules:
        """Schedules on level 1 of any of ``policies``."""
        return _schedules(rule for policy in policies for rule in self.rules.get(policy, ())[:1])

    def later(self, policies: Iterable[bytes]) -> Schedules:
        """Schedules on level 2 or above of any of ``policies``."""
        return _schedules(rule for policy in policies for rule in self.rules.get(policy, ())[1:])

    def direct(self, policies: Iterable[bytes]) -> frozenset[bytes]:
        """People whom a level names instead of a schedule: always on call, reported apart (C11)."""
        chosen = frozenset(policies)
        named = {
            target.id
            for policy in chosen
            for rule in self.rules.get(policy, ())
            for target in rule.targets
            if target.type == "user"
        }
        return frozenset(named).union(*(self._permanent.get(policy, ()) for policy in chosen))

    @cached_property
    def _permanent(self) -> dict[bytes, set[bytes]]:
        found: defaultdict[bytes, set[bytes]] = defaultdict(set)
        for oncall in self._facts.oncalls:
            if oncall.start is None:
                found[oncall.escalation_policy_id].add(oncall.user_id)
        return found

    @cached_property
    def _listed(self) -> dict[bytes, frozenset[bytes]]:
        return {each.id: each.roster for each in self._facts.schedules}

    def roster(self, schedules: Iterable[bytes]) -> frozenset[bytes]:
        """People that ``schedules`` list, with or without a shift."""
        nobody: frozenset[bytes] = frozenset()
        return nobody.union(*(self._listed.get(schedule, nobody) for schedule in schedules))


def targets(rules: Sequence[EscalationRule]) -> Schedules:
    """Schedules that ``rules`` name."""
    return _schedules(rules)


def _schedules(rules: Iterable[EscalationRule]) -> Schedules:
    return frozenset(
        target.id for rule in rules for target in rule.targets if target.type == "schedule"
    )


def _level(rule: EscalationRule) -> int:
    return rule.level


def _id(service: Service) -> bytes:
    return service.id
