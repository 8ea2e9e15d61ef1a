"""Every rule over the published figures of one assessment."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.confidence import confidence
from app.assessment.figures import Figure
from app.assessment.findings.finding import SEVERITIES, Finding
from app.assessment.findings.rule import Hit, Rule, RuleInput
from app.assessment.findings.rules import RULES
from app.assessment.options import AssessmentOptions
from app.assessment.published_figures import PublishedFigures

TOO_THIN = "F47"
"""Caps all confidence at Low."""


def findings(figures: Iterable[Figure], account: Account) -> list[Finding]:
    """Findings by severity, then by id and place.

    From the configuration come only the policy of each service and the cycles of dependencies.
    """
    published = PublishedFigures(figures)
    critical = {
        service
        for service, figure in published.places("service", "critical_service").items()
        if figure.value
    }
    policy_of = {
        each.id.hex(): each.escalation_policy_id.hex()
        for each in account.facts.services
        if each.escalation_policy_id is not None
    }
    cycle_of = {
        node.hex(): number
        for number, members in enumerate(account.graph.cycles)
        for node in members
    }
    return judge(RuleInput(published, account.options, frozenset(critical), policy_of, cycle_of))


def judge(case: RuleInput) -> list[Finding]:
    """What every rule finds. Where the data is too thin, the confidence of every finding is Low."""
    hits = [(rule, hit) for rule in RULES for hit in rule.judge(case)]
    thin = any(rule.id == TOO_THIN for rule, _ in hits)
    trust = {
        rule.dimension: "Low" if thin else _trust(case.figures, case.options, rule)
        for rule, _ in hits
    }
    found = [_finding(rule, hit, trust[rule.dimension]) for rule, hit in hits]
    return sorted(found, key=lambda f: (SEVERITIES.index(f.severity), f.id, f.of or ""))


def checked(figures: Iterable[Figure], found: Iterable[Finding]) -> list[dict[str, str]]:
    """Every rule and what came of it: ``"found"``, ``"clear"``, or ``"not told"``.

    Not told (a public word): none of its figures is published with a value, or one of the account
    is withheld, so that the rule could not be checked.
    """
    published_ids, withheld_ids = set(), set()
    for figure in figures:
        if figure.value is not None:
            published_ids.add(figure.id)
        elif figure.withheld and figure.level == "account":
            withheld_ids.add(figure.id)
    made = {finding.id for finding in found}
    return [
        {
            "id": rule.id,
            "title": rule.title,
            "state": _state(rule, rule.id in made, published_ids, withheld_ids),
        }
        for rule in RULES
    ]


def _state(rule: Rule, made: bool, published_ids: set[str], withheld_ids: set[str]) -> str:
    if made:
        return "found"
    seen = not published_ids.isdisjoint(rule.metrics) and withheld_ids.isdisjoint(rule.metrics)
    return "clear" if seen else "not told"


def _trust(figures: PublishedFigures, options: AssessmentOptions, rule: Rule) -> str:
    return confidence(figures, options, rule.dimension).word


def _finding(rule: Rule, hit: Hit, trust: str) -> Finding:
    return Finding(
        id=rule.id,
        title=rule.title,
        dimension=rule.dimension,
        level=hit.level,
        of=hit.of,
        severity=hit.severity,
        confidence=trust,
        evidence=tuple(hit.evidence),
        recommendation=rule.recommendation,
        source=rule.source,
        note=hit.note,
    )
