"""Every rule over the published figures of one assessment."""

from collections.abc import Container, Iterable

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
    missing = account.facts.gathered.missing
    return judge(
        RuleInput(
            figures=published,
            options=account.options,
            critical_services=frozenset(critical),
            policy_of=policy_of,
            cycle_of=cycle_of,
            missing=missing,
        )
    )


def judge(case: RuleInput) -> list[Finding]:
    """What every rule finds that can be decided.

    Where the data is too thin, the confidence of every finding is Low.
    """
    decided = [rule for rule in RULES if not rule.lacking(case.missing)]
    hits = [(rule, hit) for rule in decided for hit in rule.judge(case)]
    thin = any(rule.id == TOO_THIN for rule, _ in hits)
    trust = {
        rule.dimension: "Low" if thin else _trust(case.figures, case.options, rule)
        for rule, _ in hits
    }
    found = [
        _finding(rule, hit, trust[rule.dimension], rule.note(hit, case.missing))
        for rule, hit in hits
    ]
    return sorted(found, key=lambda f: (SEVERITIES.index(f.severity), f.id, f.of or ""))


def checked(
    figures: Iterable[Figure], found: Iterable[Finding], missing: Container[str] = ()
) -> list[dict[str, object]]:
    """Every rule and what came of it: ``"found"``, ``"clear"``, or ``"not told"``.

    Not told (a public word): it rests on a resource that is missing, none of its figures is
    published with a value, one of the account is withheld, or the one that decides is not known
    everywhere, so that it could not be checked.
    """
    figures = list(figures)
    served = {each.of for each in figures if each.measure == "services_behind" and each.value}
    unknown = {
        each.measure
        for each in figures
        if each.value is None and (each.level == "account" or each.of in served)
    }
    published_ids, withheld_ids = set(), set()
    for figure in figures:
        if figure.value is not None:
            published_ids.add(figure.id)
        elif figure.withheld and figure.level == "account":
            withheld_ids.add(figure.id)
    made = {finding.id for finding in found}
    checks: list[dict[str, object]] = []
    for rule in RULES:
        lacking = rule.lacking(missing)
        seen = not published_ids.isdisjoint(rule.metrics) and withheld_ids.isdisjoint(rule.metrics)
        decided = seen and not lacking and rule.decided_by not in unknown
        state = "clear" if decided else "not told"
        if rule.id in made:
            state = "found"
        checks.append({"id": rule.id, "title": rule.title, "state": state, "lacking": lacking})
    return checks


def _trust(figures: PublishedFigures, options: AssessmentOptions, rule: Rule) -> str:
    return confidence(figures, options, rule.dimension).word


def _finding(rule: Rule, hit: Hit, trust: str, note: str) -> Finding:
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
        note=note,
    )
