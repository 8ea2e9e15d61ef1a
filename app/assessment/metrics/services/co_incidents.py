"""Which services matter, and which fail together (SVC-05, SVC-08)."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.figures import Value, share
from app.assessment.metric import Measure, metric
from app.assessment.metrics.policies.check_values import fact
from app.assessment.needs import EDGES, STORM_OPTIONS
from app.assessment.scopes import Scope
from app.assessment.statistics import garwood
from app.assessment.structure.coincidence import Coincidence, coincidences


@metric(
    "SVC-05",
    "Incidents along dependencies",
    Measure("edges_judged", "Dependencies judged", "count", sample="exact"),
    Measure("edge_matches", "Incidents of the dependent that match", "count"),
    Measure("edge_lift", "Matches over those expected by chance", "ratio", ratio="index"),
    Measure("edge_lag_median_s", "Median lag", "s", "median", sample="dur"),
    Measure(
        "edge_p",
        "Chance of as many matches, adjusted (Holm)",
        "ratio",
        sample="exact",
        ratio="index",
    ),
    Measure("edge_not_after_share", "Share with a negative or zero lag", "ratio", sample="prop"),
    levels="A",
    sample="rate",
    chart="edge width",
    needs=("incidents", *EDGES),
    uses=("log_entries",),
    options=("co_incident_s", *STORM_OPTIONS),
)
def lift(account: Account, scope: Scope) -> Iterable[Value]:
    """Per dependency ``a>b``: incidents of b that start within 30 min after one of a starts, or
    while one of a is open, over those expected were they independent; the median lag; the Poisson
    chance of as many or more, adjusted for all dependencies that are judged.

    Judged from five incidents of b and half an expected match on; storms are left out. The last
    measure shows whether b fails first: of its incidents with one of a within 30 min on either
    side, the share that does not start after the nearest. Association, not cause.
    """
    graph = account.graph
    found = coincidences(graph.edges, scope.cases, account.options)
    yield fact("edges_judged", len(found) if graph.edges else None, len(graph.edges))
    for each in found:
        yield from _edge(each)


@metric(
    "SVC-08",
    "Criticality",
    Measure("criticality_rank", "Rank, 1 for the most critical", "rank"),
    Measure("critical_service", "Among the most critical", "count"),
    Measure("critical_services_behind", "Critical services", "count"),
    levels="AEV",
    chart="table",
    needs=("incidents", *EDGES),
)
def criticality(account: Account, scope: Scope) -> Iterable[Value]:
    """Active technical services ranked by blast radius, then by incidents of high urgency; ties by
    betweenness in the dependency graph, left out of a graph too large for it.

    The top tenth is critical, at least one service, but none that nothing depends on and that
    raised no such incident. Of a policy: critical services behind it.
    """
    found = account.criticality
    n = len(found.ranking)
    if scope.level != "service":
        critical = len(found.critical & scope.services)
        yield fact("critical_services_behind", critical if n else None, n)
        return
    for service in scope.services & found.ranks.keys():
        yield fact("criticality_rank", found.ranks[service], n)
        yield fact("critical_service", int(service in found.critical), n)


def critical_services(account: Account) -> frozenset[bytes]:
    """The services of the top decile."""
    return account.criticality.critical


def _edge(found: Coincidence) -> Iterable[Value]:
    key = ">".join(end.hex() for end in found.edge)
    low, high = garwood(found.matches)
    of, n = found.expected, found.matches
    yield Value("edge_matches", n, found.incidents, None, key)
    yield Value("edge_lift", n / of, n, (low / of, high / of), key)
    yield Value("edge_lag_median_s", found.lag_s, n, None, key)
    yield Value("edge_p", found.p, found.incidents, None, key)
    yield share("edge_not_after_share", found.not_after, found.near, key)
