"""How incidents and services concentrate (SVC-01, SVC-06)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from app.assessment.account import Account
from app.assessment.cases.columns import policy_of, service_of
from app.assessment.figures import Value, share
from app.assessment.metric import Measure, metric
from app.assessment.needs import SERVICES
from app.assessment.scopes import Scope, scopes_of
from app.assessment.series import Drawn, Point, Reference, series
from app.assessment.statistics import herfindahl

MOST = 0.8
"""The part of the incidents that a Pareto line is drawn at."""


def incidents_by_service(account: Account, scope: Scope) -> Counter[str]:
    """Incidents of each service that has any; deleted services keep theirs."""
    found = account.columns.words(service_of).counts(scope.places)
    return Counter({service.hex(): number for service, number in found.items()})


@metric(
    "SVC-01",
    "Incidents by service",
    Measure("service_incident_share", "Share of incidents by service", "ratio"),
    Measure("top_service_share", "Share of the top service", "ratio"),
    Measure("top_decile_service_share", "Share of the top tenth of services", "ratio"),
    Measure("services_making_80_percent", "Services that make 80 %", "count", sample="exact"),
    Measure("services_counted", "Services counted", "count", sample="exact"),
    levels="AT",
    sample="rate",
    chart="Pareto",
    source="ISA-18.2: the ten most frequent alarms often make 20 to 80 % of the load",
    needs=("incidents", "services"),
)
def pareto(account: Account, scope: Scope) -> Iterable[Value]:
    """Share of the incidents that each service makes, and the fewest services that make 80 %.

    Incidents of deleted services count. The top tenth is of all active services and those with
    an incident, rounded down, at least one.
    """
    found = incidents_by_service(account, scope)
    total = found.total()
    counts = sorted(found.values(), reverse=True)
    for service in sorted(found):
        yield share("service_incident_share", found[service], total, service)
    active = {each.id.hex() for each in account.policies.services_within(scope.services)}
    services = len(active | set(found))
    tenth = max(1, services // 10)
    yield share("top_service_share", sum(counts[:1]), total)
    yield share("top_decile_service_share", sum(counts[:tenth]), total)
    yield Value("services_making_80_percent", _fewest(counts, total), total)
    yield Value("services_counted", services, services)


@metric(
    "SVC-06",
    "Concentration on policies",
    Measure("top_policy_share", "Share of services on the top policy", "ratio"),
    Measure("policy_hhi", "Concentration of services on policies (HHI)", "ratio", ratio="index"),
    Measure("top_policy_incident_share", "Share of incidents on the top policy", "ratio"),
    Measure(
        "policy_incident_hhi",
        "Concentration of incidents on policies (HHI)",
        "ratio",
        ratio="index",
    ),
    levels="AT",
    chart="treemap",
    needs=("incidents", *SERVICES),
)
def concentration(account: Account, scope: Scope) -> Iterable[Value]:
    """Share of active services, and of incidents, on the policy that has most of them, and the
    sum of the squared shares of all policies: 1 where one has everything."""
    active = account.policies.services_within(scope.services)
    policies = (each.escalation_policy_id for each in active)
    services = Counter(policy for policy in policies if policy is not None)
    incidents = account.columns.words(policy_of).counts(scope.places)
    yield from _concentration("top_policy_share", "policy_hhi", services)
    yield from _concentration("top_policy_incident_share", "policy_incident_hhi", incidents)


@series(
    "service_pareto",
    "SVC-01",
    "Services by incidents",
    kind="line",
    x="services",
    y="share of incidents",
    y_title="Share of incidents",
    unit="share",
    title_rule="few services",
    reference=Reference("y", "80 %", at=0.8),
)
def pareto_curve(account: Account) -> Drawn:
    """Cumulative share of the incidents, services with most first."""
    (scope,) = scopes_of(account, "account")
    found = incidents_by_service(account, scope)
    total, made = found.total(), 0
    points: list[Point] = []
    ordered = sorted((-number, service) for service, number in found.items())
    for rank, (number, service) in enumerate(ordered, start=1):
        made -= number
        points.append({"services": rank, "share of incidents": made / total, "service": service})
    return Drawn(points)


def _concentration(top: str, hhi: str, found: Mapping[bytes, int]) -> Iterable[Value]:
    n = sum(found.values())
    yield Value(top, max(found.values()) / n if n else None, n)
    yield Value(hhi, herfindahl(list(found.values())) if n else None, n)


def _fewest(counts: Sequence[int], total: int) -> int | None:
    made = 0
    for place, number in enumerate(counts, start=1):
        made += number
        if made >= MOST * total:
            return place
    return None
