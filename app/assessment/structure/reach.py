"""Whom the rules of a policy can reach, by roster and by rendered shift."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from app.assessment.duty.coverage import Coverage
from app.assessment.duty.rota import targets
from app.assessment.rows import EscalationRule, Facts
from app.assessment.spans import Spans, at_least, total, union

People = frozenset[bytes]


def users(facts: Facts) -> People | None:
    """Everybody in the list of users; None where it was not read to its end: whoever is missing in
    half a list need not be deleted."""
    if not facts.responders or "users" in facts.gathered.short:
        return None
    return frozenset(each.id for each in facts.responders)


def gone(facts: Facts) -> People:
    """People of rosters, shifts and levels who were deleted: a roster marks them as deleted, or the
    list of users was read to its end and does not have them."""
    marked = frozenset[bytes]().union(*(each.deleted for each in facts.schedules))
    listed = users(facts)
    if listed is None:
        return marked
    named = {each.user_id for each in facts.schedule_entries}
    named.update(person for each in facts.schedules for person in each.roster)
    named.update(
        target.id
        for rule in facts.escalation_rules
        for target in rule.targets
        if target.type == "user"
    )
    return marked | {person for person in named if person is not None and person not in listed}


class Reach:
    """A schedule that was not collected is unknown, never empty (C13).

    A deleted person cannot be reached, though a roster still lists them.
    """

    def __init__(self, facts: Facts, coverage: Coverage) -> None:
        self._coverage = coverage
        self._duty = coverage.duty
        self._gone = gone(facts)
        listed = {each.id: each.roster for each in facts.schedules}
        rendered = self._duty.entries
        self._rosters = {
            each: listed.get(each, frozenset())
            | {shift.user_id for shift in rendered.get(each, ()) if shift.user_id is not None}
            for each in self._duty.rota.known
        }

    def people(self, rule: EscalationRule) -> People | None:
        """Direct users, and the people whom a schedule lists or renders in the window."""
        if not self._duty.level_known(rule):
            return None
        named = frozenset[bytes]().union(*(self._of_target(t.type, t.id) for t in rule.targets))
        return named - self._gone

    def empty(self, rule: EscalationRule) -> bool | None:
        """Whether nobody at all is reached in the window."""
        covered = self._duty.level_covered(rule)
        return not covered if covered or self._duty.level_known(rule) else None

    def uncovered(self, rule: EscalationRule) -> float | None:
        """Share of the expected time in which the level reaches nobody."""
        missing = self._coverage.level_uncovered(rule)
        expected = total(self._coverage.expected(rule.escalation_policy_id) or ())
        return None if missing is None or not expected else total(missing) / expected

    def simultaneous_us(self, rules: Sequence[EscalationRule]) -> int | None:
        """Time in which any one person is on two or more levels at once, in microseconds."""
        if not rules or not all(map(self._duty.level_known, rules)):
            return None
        levels: defaultdict[bytes, Spans] = defaultdict(list)
        for rule in rules:
            for person, spans in self._spans(rule).items():
                levels[person] += spans
        return total(union(span for spans in levels.values() for span in at_least(spans, 2)))

    def _spans(self, rule: EscalationRule) -> dict[bytes, Spans]:
        found = self._duty.person_spans(targets([rule]))
        return found | {t.id: self._duty.whole for t in rule.targets if t.type == "user"}

    def _of_target(self, kind: str, number: bytes) -> Iterable[bytes]:
        return self._rosters[number] if kind == "schedule" else (number,)
