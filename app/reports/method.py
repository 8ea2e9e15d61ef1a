"""The method appendix: every metric and finding as the code declares it."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.assessment.engine import METHOD_VERSION
from app.assessment.findings.rule import Rule
from app.assessment.findings.rules import RULES
from app.assessment.metric import Metric
from app.assessment.scopes import LEVELS
from app.assessment.thresholds import THRESHOLDS
from app.reports.wording import declarations, words

SAMPLES = {
    "dur": "durations: below 5 only n; to 29 “low n”; mean and p90 from 30, p95 from 60",
    "prop": "shares: below 10 “x of n”",
    "rate": "rates: below 5 events the count",
    "ineq": "inequality: from 4 people, shown by the rules for people",
    "exact": "facts: no sampling behind them",
}
PRIVACY = {
    "P0": "no person in it",
    "P1": "over people: shown for a minimum group only",
    "P2": "of one person: never published",
}
OUR_JUDGMENT = "our judgment"


@dataclass(frozen=True, slots=True)
class Chapter:
    """One family with its metrics."""

    slug: str
    name: str
    metrics: list[Metric]


def chapters() -> list[Chapter]:
    """Families in the order of their pages."""
    return [
        Chapter(slug, declarations.name_of(slug), declarations.metrics_of(slug))
        for slug in declarations.SLUGS
    ]


def rules() -> list[Rule]:
    """Findings by id."""
    return sorted(RULES, key=lambda rule: int(rule.id[1:]))


def levels(metric: Metric) -> str:
    """``account, team and service``."""
    return words.listed([LEVELS[letter] for letter in metric.levels])


def thresholds(rule: Rule) -> str:
    """``medium 0.1, high 0.2`` of the thresholds file; empty for a rule without any."""
    found = THRESHOLDS.findings.get(rule.id, {})
    return ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in found.items())


def markdown() -> str:
    """The appendix as one document."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "# Method"
    yield ""
    yield (
        "Every metric and finding as the code declares it; `tacit method --markdown` writes this "
        f"file. Method version {METHOD_VERSION}, thresholds {THRESHOLDS.version}."
    )
    yield ""
    yield from (f"- `{name}`: {meaning}." for name, meaning in {**SAMPLES, **PRIVACY}.items())
    for chapter in chapters():
        yield f"\n## {chapter.name}"
        for metric in chapter.metrics:
            yield from _metric(metric)
    yield "\n## Findings"
    for rule in rules():
        yield from _rule(rule)
    yield "\n## Scorecard\n"
    yield "| Dimension | Metric | Component | Weight | Scores 0 | Scores 100 |"
    yield "|---|---|---|---:|---:|---:|"
    for each in THRESHOLDS.components:
        numbers = f"{each.weight:g} | {each.x0:g} | {each.x100:g}"
        yield f"| {each.dimension} | {each.metric} | {each.name} | {numbers} |"
    yield ""


def _metric(metric: Metric) -> Iterator[str]:
    yield f"\n### {metric.id} {metric.title}\n"
    yield f"{metric.definition}\n"
    yield f"- Levels: {levels(metric)}. Sample `{metric.sample}`, privacy `{metric.privacy}`."
    yield f"- Source: {metric.source}."
    for measure in metric.measures:
        sample = f", sample `{measure.sample}`" if measure.sample else ""
        privacy = f", privacy `{measure.privacy}`" if measure.privacy else ""
        yield f"- `{measure.name}` ({measure.unit}{sample}{privacy}): {measure.label}."


def _rule(rule: Rule) -> Iterator[str]:
    yield f"\n### {rule.id} {rule.title}\n"
    yield f"{rule.definition}\n"
    yield f"- Rests on {words.listed(rule.metrics)}."
    limits = thresholds(rule)
    if limits:
        yield f"- Thresholds: {limits}."
    yield f"- Source: {rule.source}."
    yield f"- Recommendation: {rule.recommendation}"
