"""A finding: what is wrong where, how sure that is, and what to do about it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.assessment.figures import Figure

Severity = Literal["Critical", "High", "Medium", "Low", "Info"]
SEVERITIES: tuple[Severity, ...] = ("Critical", "High", "Medium", "Low", "Info")


@dataclass(frozen=True, slots=True)
class Finding:
    id: str
    title: str
    dimension: str
    """Of the scorecard, whose number it caps; empty for none."""
    level: str
    of: str | None
    """Which policy, service and so on: pseudonym in hexadecimal; None for the account."""
    severity: Severity
    confidence: str
    """``"High"``, ``"Medium"``, ``"Low"``."""
    evidence: tuple[Figure, ...]
    recommendation: str
    source: str
    note: str = ""

    def as_json(self) -> dict[str, object]:
        """With its evidence as figures: values, n, intervals and places."""
        scope = {"level": self.level, "id": self.of}
        return {
            "id": self.id,
            "title": self.title,
            "dimension": self.dimension or None,
            "scope": {name: each for name, each in scope.items() if each is not None},
            "severity": self.severity,
            "confidence": self.confidence,
            "evidence": [figure.as_json() for figure in self.evidence],
            "recommendation": self.recommendation,
            "source": self.source,
            "note": self.note,
        }


def step_down(severity: Severity) -> Severity:
    """One step less severe; Info stays."""
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]


Certainty = Literal["surely", "perhaps", "no"]
"""Whether a value lies beyond a threshold: with its whole interval, or the value alone.

An exact figure, which has no interval, is sure.
"""
Beyond = Callable[[Figure | None, float], Certainty]


def above(figure: Figure | None, threshold: float) -> Certainty:
    """High is bad: the lower bound decides whether it is sure."""
    if figure is None or figure.value is None or figure.value <= threshold:
        return "no"
    sure = figure.interval is None or figure.interval[0] > threshold
    return "surely" if sure else "perhaps"


def at_least(figure: Figure | None, threshold: float) -> Certainty:
    """The same where the threshold itself is bad already.

    A rate of one a month or week may come out a last digit short of it.
    """
    least = threshold * (1 - 1e-12)
    if figure is None or figure.value is None or figure.value < least:
        return "no"
    sure = figure.interval is None or figure.interval[0] >= least
    return "surely" if sure else "perhaps"


def below(figure: Figure | None, threshold: float) -> Certainty:
    """Low is bad: the upper bound decides."""
    if figure is None or figure.value is None or figure.value >= threshold:
        return "no"
    sure = figure.interval is None or figure.interval[1] < threshold
    return "surely" if sure else "perhaps"


Band = tuple[Severity, float]


def graded(figure: Figure | None, bands: Sequence[Band], beyond: Beyond = above) -> Severity | None:
    """Severity of a sampled figure over bands, each with its threshold.

    The band that the whole interval passes counts in full, one that only the value passes counts
    one step less; the more severe of both is taken.
    """
    return worst(weighed(severity, beyond(figure, threshold)) for severity, threshold in bands)


def weighed(severity: Severity, *certainties: Certainty) -> Severity | None:
    """The severity if everything is sure, one step less if anything is not; None without one."""
    if "no" in certainties:
        return None
    return step_down(severity) if "perhaps" in certainties else severity


def worst(severities: Iterable[Severity | None]) -> Severity | None:
    """The most severe of those there are."""
    found = [each for each in severities if each is not None]
    return min(found, key=SEVERITIES.index, default=None)
