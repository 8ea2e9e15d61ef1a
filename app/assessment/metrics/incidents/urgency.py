"""Whether urgencies and priorities distinguish incidents."""

import math
from collections import Counter
from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.figures import Value, count, share
from app.assessment.metric import Measure, metric
from app.assessment.scopes import Scope


def _is_high(case: Case) -> bool:
    return case.incident.urgency == "high"


def _priority(case: Case) -> str | None:
    found = case.incident.priority_id
    return None if found is None else found.hex()


@metric(
    "INC-16",
    "Use of urgency and priority",
    Measure("urgency_high_share", "Share of high urgency", "ratio"),
    Measure("priority_share", "Share with a priority", "ratio", needs=("priorities",)),
    Measure(
        "incidents_by_priority",
        "Incidents by priority",
        "count",
        sample="rate",
        keys="priority",
        needs=("priorities",),
    ),
    Measure("priority_entropy_bits", "Entropy of priorities", "bits", needs=("priorities",)),
    Measure(
        "fixed_high_urgency_services",
        "Services fixed at high urgency",
        "count",
        sample="exact",
        needs=("services",),
    ),
    levels="AV",
    sample="prop",
    chart="stacked bar",
    source="our judgment: all high means that urgency is not used; PagerDuty's alerting "
    "principles keep pages for what is urgent",
    needs=("incidents",),
)
def urgency_use(account: Account, scope: Scope) -> Iterable[Value]:
    """How many incidents are of high urgency, how many have a priority, and how those spread.

    Entropy is 0 bits where all have the same priority and 2 where four are used equally often;
    there is no value without priorities. A service is fixed where its setting makes every incident
    of high urgency.
    """
    n = len(scope.places)
    high = account.columns.count(_is_high, scope.places)
    priorities = account.columns.words(_priority).counts(scope.places)
    without = n - sum(priorities.values())
    fixed = [s for s in account.facts.services if s.id in scope.services and s.urgency == "high"]
    yield share("urgency_high_share", high, n)
    yield share("priority_share", n - without, n)
    rank = {
        priority.hex(): str(at) for at, priority in enumerate(account.facts.priorities, start=1)
    }
    named: Counter[str] = Counter()
    for priority, number in priorities.items():
        named[rank.get(priority, "unknown")] += number
    for key in [each for each in (*rank.values(), "unknown") if named[each]]:
        yield count("incidents_by_priority", named[key], n, key)
    yield count("incidents_by_priority", without, n, "none")
    yield Value("priority_entropy_bits", entropy_bits(priorities.values()), n - without)
    yield Value("fixed_high_urgency_services", len(fixed), len(scope.services))


def entropy_bits(counts: Iterable[int]) -> float | None:
    """Shannon entropy of the shares of ``counts``; None where they are all 0."""
    seen = [number for number in counts if number]
    n = sum(seen)
    if not n:
        return None
    return abs(sum(number / n * math.log2(n / number) for number in sorted(seen)))
