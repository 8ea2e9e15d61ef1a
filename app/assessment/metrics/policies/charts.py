"""The chart of policies."""

from app.assessment.account import Account
from app.assessment.series import Drawn, series


@series(
    "minutes_to_exhaust_by_policy",
    "POL-06",
    "Minutes until a policy has nobody left to notify",
    kind="bars",
    x="policy",
    y="minutes",
    y_title="Minutes",
    unit="min",
)
def minutes_to_exhaust(account: Account) -> Drawn:
    """Policies by minutes, longest first."""
    known = [(p.minutes_to_exhaust, p.id) for p in account.policies.all.values()]
    found = sorted(((-minutes, number) for minutes, number in known if minutes is not None))
    return Drawn([{"policy": number.hex(), "minutes": -minutes} for minutes, number in found])
