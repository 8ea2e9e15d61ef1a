"""A rule: when a finding is made, where, how severe, and what it recommends."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.assessment.catalogue import BY_ID, BY_MEASURE
from app.assessment.figures import Figure
from app.assessment.findings.finding import Severity
from app.assessment.metric import HIGH_URGENCY
from app.assessment.options import AssessmentOptions
from app.assessment.published_figures import PublishedFigures

OUR_JUDGMENT = "our judgment"


@dataclass(frozen=True, slots=True)
class RuleInput:
    """The input of a rule."""

    figures: PublishedFigures
    options: AssessmentOptions
    critical_services: frozenset[str] = frozenset()
    """Pseudonyms of the services of the top decile (SVC-08)."""
    policy_of: Mapping[str, str] = field(default_factory=dict)
    """Policy of each service, both as pseudonyms in hexadecimal."""
    cycle_of: Mapping[str, int] = field(default_factory=dict)
    """Number of the dependency cycle that a service is in; services in none are left out."""
    missing: frozenset[str] = frozenset()
    """Resources that are absent or lack a part: no rule that rests on one of them is judged."""

    @property
    def critical_policies(self) -> frozenset[str]:
        """Policies behind a critical service."""
        return frozenset(
            self.policy_of[each] for each in self.critical_services if each in self.policy_of
        )

    def policies(self, measure: str) -> Iterator[tuple[str, Figure, float]]:
        """One measure of every policy that has a value, with that value."""
        for of, figure in self.figures.places("policy", measure).items():
            if figure.value is not None:
                yield of, figure, figure.value

    def serves(self, policy: str, *, urgent: bool = False) -> bool:
        """Whether any service, or any of high urgency, uses a policy."""
        measure = "urgent_services_behind" if urgent else "services_behind"
        return bool(self.figures.value("policy", policy, measure))

    def served(self, policy: str) -> Sequence[Figure]:
        """How many services use a policy, as evidence."""
        return self.figures.some(self.figures.at("policy", policy, "services_behind"))


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule fires."""

    severity: Severity
    evidence: Sequence[Figure]
    level: str = "account"
    of: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    title: str
    metrics: tuple[str, ...]
    """Metric ids that it rests on."""
    also: tuple[str, ...]
    """Metric ids that decide where it may be found at all, such as the services of a policy."""
    beside: tuple[str, ...]
    """Metric ids of evidence that it is found without; some of them make it more severe."""
    needs: tuple[str, ...]
    """Resources that its measures need besides those of their metrics."""
    decided_by: str
    """The measure without which it is not clear: where the account's value is unknown, or that of a
    policy with services. Empty where any figure of its metrics will do."""
    worse: tuple[Severity, str] | None
    """How severe it can be at most, and the measure beside it that decides that."""
    recommendation: str
    source: str
    dimension: str
    """Of the scorecard, whose number an open finding caps; empty for none."""
    definition: str
    judge: Callable[[RuleInput], Iterable[Hit]]

    @property
    def deciding(self) -> tuple[str, ...]:
        """Metric ids without which it can neither be found nor be clear."""
        return tuple(each for each in (*self.metrics, *self.also) if each not in self.beside)

    def lacking(self, missing: Container[str]) -> list[str]:
        """The missing resources that it rests on: while there are any, it cannot be decided."""
        metrics = [BY_ID[each] for each in self.deciding]
        every = [*self.needs, *(name for each in metrics for name in (*each.needs, *each.uses))]
        return [name for name in dict.fromkeys(every) if name in missing]

    def note(self, hit: Hit, missing: Container[str]) -> str:
        """What is said beside it; and where it cannot be told whether it is more severe, that."""
        worst, measure = self.worse or (hit.severity, "")
        if hit.severity == worst:
            return hit.note
        metric = BY_MEASURE[measure.removeprefix(HIGH_URGENCY)]
        lacking = metric.lacking(missing, measure, hit.level)
        if not lacking:
            return hit.note
        names = ", ".join(name.replace("_", " ") for name in lacking)
        doubt = f"Whether it is more severe cannot be told, because data is missing: {names}."
        return f"{hit.note} {doubt}".strip()


def rule(
    number: str,
    title: str,
    *metrics: str,
    recommendation: str,
    source: str = OUR_JUDGMENT,
    dimension: str = "",
    also: tuple[str, ...] = (),
    beside: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    decided_by: str = "",
    worse: tuple[Severity, str] | None = None,
) -> Callable[[Callable[[RuleInput], Iterable[Hit]]], Rule]:
    """Declares a rule; the function's docstring states when it fires."""

    def declare(judge: Callable[[RuleInput], Iterable[Hit]]) -> Rule:
        definition = " ".join((judge.__doc__ or "").split())
        return Rule(
            id=number,
            title=title,
            metrics=metrics,
            also=also,
            beside=beside,
            needs=needs,
            decided_by=decided_by,
            worse=worse,
            recommendation=recommendation,
            source=source,
            dimension=dimension,
            definition=definition,
            judge=judge,
        )

    return declare
