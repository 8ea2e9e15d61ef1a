"""What may be published: suppressed figures, and what follows from them alone (PRIV-10)."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from app.assessment.catalogue import SERIES
from app.assessment.engine import Result
from app.assessment.figures import Figure
from app.assessment.findings import Finding, checked, findings
from app.assessment.metrics.quality import small_n
from app.assessment.missing import without_absent, without_absent_series
from app.assessment.release.release import Release
from app.assessment.release.shown import shown, shown_series
from app.assessment.scorecard import Scorecard, scorecard
from app.assessment.series import Drawn
from app.assessment.suppression import suppress, suppress_series


@dataclass(frozen=True, slots=True)
class Published:
    figures: list[Figure]
    series: dict[str, Drawn]
    findings: list[Finding]
    scorecard: Scorecard
    missing: frozenset[str]
    """Resources that are absent or lack a part."""

    def as_json(self) -> dict[str, Any]:
        """Metrics, series, findings, checked rules, scorecard and what is withheld, for JSON."""
        return {
            "metrics": [figure.as_json() for figure in self.figures],
            "series": {name: drawn.as_json() for name, drawn in self.series.items()},
            "findings": [finding.as_json() for finding in self.findings],
            "checked": checked(self.figures, self.findings, self.missing),
            "scorecard": self.scorecard.as_json(),
            "withheld": dict(
                sorted(Counter(f.withheld for f in self.figures if f.withheld).items())
            ),
        }


def publish(result: Result, release: Release | None = None) -> Published:
    """Suppress, then judge by the published figures: no finding can reveal a withheld one.

    With a ``release`` figures over people are those that it has, otherwise those of this window.
    """
    account = result.account
    k = account.options.minimum_group
    off = account.options.people_off or release is not None
    gathered = account.facts.gathered
    suppressed = suppress(result.figures, k, off=off)
    drawn = suppress_series(result.series, SERIES, k, suppressed, off=off)
    if release is not None:
        suppressed = shown(suppressed, release, account.options)
        drawn = shown_series(drawn, release, off=account.options.narrow)
    figures = without_absent(suppressed, gathered)
    figures += small_n(figures)
    found = findings(figures, account)
    return Published(
        figures,
        without_absent_series(drawn, gathered),
        found,
        scorecard(figures, found, account.options, gathered.missing),
        gathered.missing,
    )
