"""Values of the policy checks, for a scope and for the services behind policies."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.figures import Value
from app.assessment.scopes import Scope
from app.assessment.structure.lint import CHECKS
from app.assessment.structure.policies import Policy


def policies_of(account: Account, scope: Scope) -> list[Policy]:
    """Policies of a scope that still exist."""
    return account.policies.within(scope.policies)


def failing_policies(account: Account, scope: Scope, *checks: str) -> Iterable[Value]:
    """How many policies of the scope fail each check: 0 or 1 where the scope is one policy.

    ``n`` counts the policies of which it is known; None without any.
    """
    policies = policies_of(account, scope)
    for name in checks:
        found = [CHECKS[name](policy, account.options) for policy in policies]
        known = [each for each in found if each is not None]
        yield fact(name, sum(known) if known else None, len(known))


def behind(account: Account, measure: str, *checks: str) -> Value:
    """Share of the active services whose policy fails any check, of those of which it is known."""
    hits = of = 0
    for policy in account.policies.all.values():
        found = [CHECKS[name](policy, account.options) for name in checks]
        if None not in found:
            hits += any(found) * len(policy.services)
            of += len(policy.services)
    return part(measure, hits, of)


def fact(measure: str, value: float | None, n: int = 1, key: str | None = None) -> Value:
    """A fact of the configuration: nothing is sampled, so there is no interval."""
    return Value(measure, value, n, None, key)


def part(measure: str, hits: int, of: int) -> Value:
    """``hits / of`` as a fact; None where ``of`` is 0."""
    return Value(measure, hits / of if of else None, of)


def counted(measure: str, hits: int, of: int) -> Iterable[Value]:
    """``hits`` and its share of ``of``, both as facts; None where ``of`` is 0."""
    yield fact(measure, hits if of else None, of)
    yield part(f"{measure}_share", hits, of)
