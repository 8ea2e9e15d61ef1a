"""The people and schedules behind a scope's figures."""

from collections.abc import Mapping

from app.assessment.account import Account
from app.assessment.duty.crews import Crew
from app.assessment.duty.rota import Schedules
from app.assessment.figures import Value
from app.assessment.scopes import Scope
from app.assessment.statistics import Interval, bootstrap_interval, gini_corrected

BOOTSTRAP_MIN = 8
"""People below which no spread is published (PRIV-1): an interval would be made for nobody."""


def crew_of(account: Account, scope: Scope) -> Crew:
    """Everybody on the schedules of a scope."""
    return account.crews.of(scope.schedules)


def first_of(account: Account, scope: Scope) -> Schedules:
    """The schedules of a scope that are on level 1 of its policies; of a schedule, of any."""
    return account.rota.first(_policies(account, scope)) & scope.schedules


def later_of(account: Account, scope: Scope) -> Schedules:
    """The schedules of a scope that are on level 2 or above."""
    return account.rota.later(_policies(account, scope)) & scope.schedules


def over(
    measure: str,
    value: float | None,
    people: Mapping[bytes, float],
    interval: Interval | None = None,
) -> Value:
    """A value over people; None where there is nobody."""
    return Value(measure, value if people else None, len(people), interval, people=people)


def total_of(measure: str, people: Mapping[bytes, float]) -> Value:
    """What the amounts of ``people`` add up to."""
    return over(measure, sum(people.values()), people)


def gini_interval(account: Account, people: Mapping[bytes, float]) -> Interval | None:
    """Bootstrap interval of the corrected Gini (C9)."""
    if len(people) < BOOTSTRAP_MIN or not any(people.values()):
        return None
    return bootstrap_interval(list(people.values()), gini_corrected, account.options.seed)


def _policies(account: Account, scope: Scope) -> frozenset[bytes]:
    return account.rota.policies if scope.level == "schedule" else scope.policies
