"""Escalation policies as they are set up today: levels, people, time-outs, coverage (POL)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.assessment.duty.coverage import Coverage
from app.assessment.duty.support import is_urgent
from app.assessment.rows import EscalationPolicy, EscalationRule, Facts, Service
from app.assessment.structure.reach import People, Reach


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy with the services behind it.

    ``rules`` is empty where none was collected (PagerDuty requires one), and then nothing that
    rests on them is known.
    """

    id: bytes
    loops: int | None
    teams: tuple[bytes, ...]
    rules: Sequence[EscalationRule]
    services: tuple[bytes, ...]
    """Active ones."""
    urgent_services: tuple[bytes, ...]
    """Active ones that raise incidents of high urgency."""
    referenced: bool
    """By any service, also a disabled one."""
    people: Sequence[People | None]
    """Per rule whom it can reach by roster; None where a schedule was not collected."""
    uncovered: Sequence[float | None]
    """Per rule the share of the expected time in which nobody is reached; None: not known."""
    empty: Sequence[bool | None]
    """Per rule whether nobody is reached in the whole window."""
    simultaneous_us: int | None
    """Time in which somebody is on two levels at once."""

    @property
    def unique_levels(self) -> int:
        """Different sets of targets: a level that repeats another adds nobody."""
        return len({frozenset(rule.targets) for rule in self.rules})

    @property
    def reachable(self) -> People | None:
        """People of all levels; None where a level is not known."""
        known = [found for found in self.people if found is not None]
        if not known or len(known) < len(self.people):
            return None
        return frozenset().union(*known)

    @property
    def user_levels(self) -> list[int]:
        """Levels with a user as direct target."""
        return [r.level for r in self.rules if any(t.type == "user" for t in r.targets)]

    @property
    def only_users(self) -> bool:
        """Whether no schedule is on any level."""
        targets = [target for rule in self.rules for target in rule.targets]
        return bool(targets) and all(target.type == "user" for target in targets)

    @property
    def timeouts(self) -> Mapping[int, int]:
        """Minutes by level where the time-out leads somewhere: the last one only if it repeats."""
        leading = self.rules if self.loops else self.rules[:-1]
        return {r.level: r.delay_minutes for r in leading if r.delay_minutes is not None}

    @property
    def minutes_to_exhaust(self) -> int | None:
        """From the first page until nobody is left to page; None where a delay is not known."""
        delays = [rule.delay_minutes for rule in self.rules if rule.delay_minutes is not None]
        if self.loops is None or not delays or len(delays) < len(self.rules):
            return None
        return sum(delays) * (self.loops + 1)

    @property
    def repeated(self) -> People:
        """People on two or more levels by roster."""
        seen: set[bytes] = set()
        again: set[bytes] = set()
        for found in self.people:
            again |= seen & (found or frozenset())
            seen |= found or frozenset()
        return frozenset(again)


def is_active(service: Service) -> bool:
    """Whether a service can raise incidents; a disabled one is not judged."""
    return service.status != "disabled"


class Policies:
    """Every collected policy, in the order of ids; deleted ones are not judged."""

    def __init__(self, facts: Facts, coverage: Coverage) -> None:
        self._facts = facts
        self._rules = coverage.duty.rules
        self._reach = Reach(facts, coverage)
        active = sorted(filter(is_active, facts.services), key=lambda each: each.id)
        self._active = {each.id: each for each in active}

    @property
    def services(self) -> list[Service]:
        """Active services, by id."""
        return list(self._active.values())

    @cached_property
    def all(self) -> Mapping[bytes, Policy]:
        """Policies by id."""
        behind = _by_policy(self._facts.services)
        found = sorted(self._facts.escalation_policies, key=lambda each: each.id)
        return {each.id: self._policy(each, behind[each.id]) for each in found}

    def within(self, ids: Iterable[bytes]) -> list[Policy]:
        """Those of ``ids`` that were collected, in the order of ids."""
        return [self.all[each] for each in sorted(ids) if each in self.all]

    def services_within(self, ids: Iterable[bytes]) -> list[Service]:
        """Active services among ``ids``, in the order of ids."""
        return [self._active[each] for each in sorted(ids) if each in self._active]

    def _policy(self, found: EscalationPolicy, behind: Sequence[Service]) -> Policy:
        rules, reach = self._rules.get(found.id, []), self._reach
        active = [each for each in behind if is_active(each)]
        return Policy(
            id=found.id,
            loops=found.num_loops,
            teams=found.teams,
            rules=rules,
            services=tuple(each.id for each in active),
            urgent_services=tuple(each.id for each in active if is_urgent(each)),
            referenced=bool(behind),
            people=[reach.people(rule) for rule in rules],
            uncovered=[reach.uncovered(rule) for rule in rules],
            empty=[reach.empty(rule) for rule in rules],
            simultaneous_us=reach.simultaneous_us(rules),
        )


def _by_policy(services: Iterable[Service]) -> defaultdict[bytes | None, list[Service]]:
    found: defaultdict[bytes | None, list[Service]] = defaultdict(list)
    for service in sorted(services, key=lambda each: each.id):
        found[service.escalation_policy_id].append(service)
    return found
