"""Baseline and follow-up: what changed, over all services and over those in both."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from app.assessment.comparison.changes import Change, changes, comparisons_made
from app.assessment.comparison.findings import Followed, follow
from app.assessment.comparison.notes import notes
from app.assessment.comparison.side import Side
from app.assessment.hours import WEEK_US
from app.assessment.options import AssessmentOptions
from app.assessment.rows import Facts
from app.assessment.thresholds import THRESHOLDS

_BOUNDS = ("since", "until", "as_of", "narrowed")


@dataclass(frozen=True, slots=True)
class Comparison:
    """``reason`` states why nothing is compared; empty for a comparison."""

    reason: str
    changes: Sequence[Change] = ()
    """Over all services."""
    matched: Sequence[Change] = ()
    """Over the services present on both sides: the headline."""
    matched_services: int = 0
    comparisons: int = 0
    """How many were made over all services; from 21 on adjusted for their number (Holm)."""
    findings: Sequence[Followed] = ()
    notes: Sequence[str] = ()
    """What to bear in mind when reading the headline."""

    def as_json(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "comparable": not self.reason,
            "reason": self.reason,
            "matched_services": self.matched_services,
            "comparisons": self.comparisons,
            "adjusted": self.comparisons >= THRESHOLDS.comparison["holm_from"],
            "changes": [each.as_json() for each in self.changes],
            "matched": [each.as_json() for each in self.matched],
            "findings": [each.as_json() for each in self.findings],
            "notes": list(self.notes),
        }


def compare(facts: Facts, baseline: AssessmentOptions, followup: AssessmentOptions) -> Comparison:
    """Both windows of the same facts, by one method and one set of thresholds."""
    reason = why_not(baseline, followup)
    if reason:
        return Comparison(reason)
    before, after = Side(facts, baseline), Side(facts, followup)
    both = tuple(sorted(before.services & after.services))
    if not both:
        return Comparison("No service is in both assessments.")
    every = changes(before, after)
    matched = every
    if before.services != after.services:
        matched = changes(
            Side(facts, replace(baseline, services=both), before),
            Side(facts, replace(followup, services=both), after),
        )
    found = follow(before, after)
    return Comparison(
        reason="",
        changes=every,
        matched=matched,
        matched_services=len(both),
        comparisons=comparisons_made(every),
        findings=found,
        notes=notes(matched),
    )


def why_not(baseline: AssessmentOptions, followup: AssessmentOptions) -> str:
    """Why two assessments do not compare; empty if they do."""
    if baseline.window_us != followup.window_us:
        return "The windows are not equally long."
    if baseline.window_us % WEEK_US:
        return "The windows are not whole weeks."
    one, two = asdict(baseline), asdict(followup)
    differing = sorted(name for name in one if name not in _BOUNDS and one[name] != two[name])
    if differing:
        return f"The options differ: {', '.join(differing)}."
    return ""
