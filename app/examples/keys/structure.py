"""WE8: what is wrong with policies, and the graph of dependencies."""

from app.assessment.structure.graph import Graph
from app.assessment.structure.lint import CHECKS, empty_levels, failing
from app.assessment.structure.policies import Policy
from app.examples.worked import Extract, Worked, hours


def _policies(worked: Worked) -> list[Policy]:
    return list(worked.result.account.policies.all.values())


def _graph(worked: Worked) -> Graph:
    return worked.result.account.graph


def _failing(name: str) -> Extract:
    return lambda worked, _: failing(name, _policies(worked), worked.options)


def _reachable(worked: Worked, _: object) -> object:
    return {
        policy.id: None if policy.reachable is None else len(policy.reachable)
        for policy in _policies(worked)
    }


def _several_levels(worked: Worked, _: object) -> object:
    return {policy.id: policy.repeated for policy in _policies(worked)}


def _simultaneous(worked: Worked, _: object) -> object:
    return {policy.id: hours(policy.simultaneous_us) for policy in _policies(worked)}


def _empty_levels(worked: Worked, _: object) -> object:
    return {policy.id: empty_levels(policy) for policy in _policies(worked)}


def _minutes(worked: Worked, _: object) -> object:
    return {policy.id: policy.minutes_to_exhaust for policy in _policies(worked)}


def _unmapped(worked: Worked, _: object) -> object:
    mapped = {end for edge in _graph(worked).edges for end in edge}
    return [service.id for service in worked.facts.services if service.id not in mapped]


def _neighbours(name: str) -> Extract:
    def extract(worked: Worked, _: object) -> object:
        found = getattr(_graph(worked), name)
        return {node: len(others) for node, others in found.items()}

    return extract


KEYS: dict[str, Extract] = {name: _failing(name) for name in CHECKS} | {
    "reachable_people": _reachable,
    "same_person_several_levels": _several_levels,
    "same_person_simultaneous_h": _simultaneous,
    "empty_levels": _empty_levels,
    "minutes_to_exhaust": _minutes,
    "edges": lambda worked, _: len(_graph(worked).edges),
    "direct_dependents": _neighbours("dependents"),
    "direct_dependencies": _neighbours("dependencies"),
    "blast_radius": lambda worked, _: _graph(worked).blast_radius,
    "cycles": lambda worked, _: _graph(worked).cycles,
    "depth": lambda worked, _: _graph(worked).depth,
    "unmapped_services": _unmapped,
}
