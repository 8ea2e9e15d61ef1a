"""Double duty, and duty of a single responder (ONC-10)."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.duty.duty import hours
from app.assessment.figures import Value
from app.assessment.metric import Measure, metric
from app.assessment.metrics.oncall.people import crew_of
from app.assessment.needs import REACH
from app.assessment.scopes import Scope


@metric(
    "ONC-10",
    "Double duty, single responder",
    Measure(
        "double_duty_total_h",
        "Hours in which people have two shifts at once",
        "h",
        privacy="P1",
        additive=True,
        table="duty",
    ),
    Measure("single_responder_h", "Hours in which a policy reaches one person only", "h"),
    levels="AES",
    chart="bar",
    source="PagerDuty incident response guide: the backup is a second person",
    needs=REACH,
    uses=("oncalls",),
)
def twice_or_alone(account: Account, scope: Scope) -> Iterable[Value]:
    """Hours in which one person has two or more shifts of the scope at once, of all people.

    And of a policy with two or more levels, the hours in which all of them together reach
    exactly one person; a direct user is reached always. Unknown where one of its schedules was
    not collected.
    """
    crew = crew_of(account, scope)
    people = {person: crew.double_hours.get(person, 0.0) for person in crew.active}
    yield Value("double_duty_total_h", sum(people.values()), len(people), people=people)
    if scope.level == "policy":
        for policy in scope.policies:
            alone = account.coverage.single_responder(policy)
            n = len(account.duty.rules.get(policy, ()))
            yield Value("single_responder_h", None if alone is None else hours(alone), n)
