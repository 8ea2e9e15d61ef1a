"""The findings of both sides: new, still open, better, closed, not checkable."""

from dataclasses import dataclass
from typing import Literal

from app.assessment.comparison.side import Side
from app.assessment.figures import Figure
from app.assessment.findings import Finding
from app.assessment.findings.finding import SEVERITIES
from app.assessment.findings.rules import RULES

_LACKING = {rule.id: rule.lacking for rule in RULES}
State = Literal["new", "still open", "better", "closed", "not checkable"]
_Place = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Followed:
    """One finding of either side, the later one where both have it."""

    finding: Finding
    state: State

    def as_json(self) -> dict[str, object]:
        scope = {"level": self.finding.level, "id": self.finding.of}
        return {
            "id": self.finding.id,
            "title": self.finding.title,
            "scope": {name: each for name, each in scope.items() if each is not None},
            "severity": self.finding.severity,
            "state": self.state,
        }


def follow(baseline: Side, followup: Side) -> list[Followed]:
    """Matched by rule and scope; a finding whose figure can no longer be computed is not closed."""
    before = {_place(each): each for each in baseline.published.findings}
    after = {_place(each): each for each in followup.published.findings}
    found = [Followed(each, _state(before.get(place), each)) for place, each in after.items()]
    for place, each in before.items():
        if place not in after:
            found.append(Followed(each, _gone(each, followup)))
    return found


def _place(finding: Finding) -> _Place:
    return finding.id, finding.level, finding.of


def _state(before: Finding | None, after: Finding) -> State:
    if before is None:
        return "new"
    was, now = SEVERITIES.index(before.severity), SEVERITIES.index(after.severity)
    return "better" if now > was else "still open"


def _gone(finding: Finding, followup: Side) -> State:
    """Closed only if its rule can be decided and its first evidence still has a value."""
    if _LACKING[finding.id](followup.published.missing):
        return "not checkable"
    published = {
        _figure_key(figure) for figure in followup.published.figures if figure.value is not None
    }
    rested = next((_figure_key(each) for each in finding.evidence if each.value is not None), None)
    return "not checkable" if rested is not None and rested not in published else "closed"


def _figure_key(figure: Figure) -> tuple[str, str, str | None, str | None]:
    return figure.measure, figure.level, figure.of, figure.key
