"""Nothing is judged by data that is not there: no all-clear, no zero, no score.

What rests on what is taken from the declarations of metrics and rules; that these are complete is
tested by taking the rows of each resource away.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest

from app.assessment.account import Account
from app.assessment.catalogue import BY_ID, BY_MEASURE, SERIES
from app.assessment.comparison import compare
from app.assessment.engine import Result, assess
from app.assessment.figures import Figure
from app.assessment.findings.rules import RULES
from app.assessment.metric import HIGH_URGENCY
from app.assessment.options import AssessmentOptions
from app.assessment.publish import publish
from app.assessment.rows import Facts, Gathered
from app.assessment.scorecard.components import READERS
from app.assessment.thresholds import THRESHOLDS
from collectors.manifest import COLLECTED
from tests.factories.busy_company import busy_company
from tests.factories.generated_company import Size, window
from tests.factories.rows import MINUTE, WEEK

RESTED_ON = sorted({name for each in BY_ID.values() for name in each.rests_on})
ROWS: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("incidents",): ("incidents",),
    ("log_entries",): ("log_entries",),
    ("escalation_policies",): ("escalation_policies", "escalation_rules"),
    ("schedules", "schedules_v3", "schedule_v3_details"): (
        "schedules",
        "schedule_entries",
        "overrides",
    ),
    ("services",): ("services",),
    ("business_services",): ("business_services",),
    ("technical_dependencies", "business_dependencies"): ("dependencies",),
    ("oncalls",): ("oncalls",),
    ("change_events",): ("change_events",),
    ("users",): ("responders",),
    ("teams",): ("teams",),
    ("team_members",): ("team_members",),
    ("priorities",): ("priorities",),
    ("abilities",): ("abilities",),
}
"""Which rows of the engine come from which resources."""
PLACES = {"team", "service", "policy", "schedule"}
SEEDS = (1, 2)
_Key = tuple[str, str, str, str | None, str | None]
_BY_RESOURCE = pytest.mark.parametrize("resource", RESTED_ON)


@dataclass(frozen=True)
class Assessed:
    """One assessment as it is published."""

    document: dict[str, Any]
    figures: list[Figure]

    @property
    def states(self) -> dict[str, str]:
        return {each["id"]: each["state"] for each in self.document["checked"]}


@cache
def facts() -> Facts:
    return replace(busy_company(1), gathered=Gathered())


@cache
def computed() -> Result:
    return assess(facts(), window(Size()))


def assessed(gathered: Gathered) -> Assessed:
    account = Account(replace(facts(), gathered=gathered), window(Size()))
    published = publish(replace(computed(), account=account))
    return Assessed(published.as_json(), published.figures)


def refused(resource: str) -> Assessed:
    return assessed(Gathered(refused=1, resources=20, absent=frozenset({resource})))


def with_a_tenth_lost(resource: str) -> Assessed:
    return assessed(Gathered(windows=20, windows_short=2, lacking=frozenset({resource})))


def rules_on(resource: str) -> set[str]:
    return {rule.id for rule in RULES if rule.lacking({resource})}


def needing(resource: str, figure: Figure) -> bool:
    return resource in BY_ID[figure.id].needed(figure.measure, figure.level)


def using(resource: str, figure: Figure) -> bool:
    return bool(BY_ID[figure.id].lacking({resource}, figure.measure, figure.level))


def weight_on(resource: str, dimension: str) -> float:
    """Which part of a dimension rests on a resource."""
    anchors = [each for each in THRESHOLDS.components if each.dimension == dimension]
    lost = [each.weight for each in anchors if READERS[each.metric].lacking({resource})]
    return sum(lost) / sum(each.weight for each in anchors)


def test_every_rule_is_judged_where_every_resource_is_there() -> None:
    """Otherwise nothing below would prove anything."""
    result = assessed(Gathered())
    assert sum(state != "not told" for state in result.states.values()) > 40
    assert result.document["scorecard"]["score"] is not None


@_BY_RESOURCE
def test_a_figure_of_a_refused_resource_has_no_value_and_names_it(resource: str) -> None:
    whole = assessed(Gathered())
    result = refused(resource)
    assert len(result.figures) == len(whole.figures)
    for figure in result.figures:
        if needing(resource, figure):
            assert (figure.value, figure.n, figure.interval) == (None, None, None), figure.measure
            assert resource in figure.not_collected
            assert figure.as_json()["not_collected"] == list(figure.not_collected)
        if using(resource, figure):
            assert figure.value != 0, figure.measure


@_BY_RESOURCE
def test_a_chart_of_a_refused_resource_has_no_points(resource: str) -> None:
    drawn = refused(resource).document["series"]
    for series in SERIES:
        if resource in {*BY_ID[series.metric].needs, *series.needs}:
            assert drawn[series.name] == [], series.name


@_BY_RESOURCE
def test_no_rule_is_clear_or_found_whose_resource_was_refused(resource: str) -> None:
    states = refused(resource).states
    assert {states[each] for each in rules_on(resource)} <= {"not told"}


@_BY_RESOURCE
def test_no_rule_is_clear_or_found_whose_resource_lost_a_tenth(resource: str) -> None:
    result = with_a_tenth_lost(resource)
    assert {result.states[each] for each in rules_on(resource)} <= {"not told"}
    named = {each["id"]: each["lacking"] for each in result.document["checked"]}
    assert all(resource in named[each] for each in rules_on(resource))


@_BY_RESOURCE
def test_a_dimension_that_rests_on_what_is_missing_has_no_score(resource: str) -> None:
    third = 1 / 3
    for result in (refused(resource), with_a_tenth_lost(resource)):
        card = result.document["scorecard"]
        lost = 0.0
        for each in card["dimensions"]:
            assert all(c["score"] is None for c in each["components"] if c["lacking"])
            if weight_on(resource, each["name"]) > third:
                lost += each["weight"]
                assert (each["score"], each["band"]) == (None, None)
                assert resource in each["lacking"]
                assert "missing" in each["reason"]
        if lost > third * sum(THRESHOLDS.dimensions.values()):
            assert (card["score"], card["low"], card["high"], card["band"]) == (None,) * 4
            assert "missing" in card["reason"]


@_BY_RESOURCE
def test_nothing_that_rests_on_what_is_missing_is_compared(resource: str) -> None:
    since, middle = window(Size()).since, window(Size()).since + 4 * WEEK
    before = AssessmentOptions(since=since, until=middle, as_of=middle)
    after = AssessmentOptions(since=middle, until=middle + 4 * WEEK, as_of=middle + 4 * WEEK)
    lost = Gathered(lacking=frozenset({resource}))
    result = compare(replace(facts(), gathered=lost), before, after).as_json()
    assert result["comparable"]
    for each in (*result["changes"], *result["matched"]):
        name = each["measure"].removeprefix(HIGH_URGENCY)
        if BY_MEASURE[name].lacking({resource}, name, "account"):
            assert (each["verdict"], each["effect"], each["p"]) == ("not comparable", None, None)


def test_an_account_whose_log_was_refused_has_no_verdict() -> None:
    """``/log_entries`` was refused: all was clear, shares were 0 % and the noise score was 96.6."""
    for result in (refused("log_entries"), with_a_tenth_lost("log_entries")):
        for rule in ("F15", "F16", "F17", "F18", "F19", "F20", "F26", "F27", "F33", "F34", "F35"):
            assert result.states[rule] == "not told", rule
        scores = {
            each["name"]: each["score"] for each in result.document["scorecard"]["dimensions"]
        }
        assert scores["response"] is None
        assert scores["escalation"] is None
        assert scores["noise"] is None
        assert scores["structure"] is not None
        assert result.document["scorecard"]["score"] is None


@cache
def _computed(seed: int) -> dict[_Key, tuple[object, ...]]:
    return _figures(busy_company(seed))


def _figures(rows: Facts) -> dict[_Key, tuple[object, ...]]:
    return {
        (f.id, f.measure, f.level, f.of, f.key): (f.value, f.n, f.interval)
        for f in assess(rows, window(Size())).figures
    }


def _changed(seed: int, fields: tuple[str, ...]) -> Iterator[_Key]:
    """Figures that are others without some rows; a place that is no longer known has none."""
    without = _figures(replace(busy_company(seed), **{f: getattr(Facts(), f) for f in fields}))
    for key, value in _computed(seed).items():
        gone = key not in without
        if gone and key[2] in PLACES:
            continue
        if gone or without[key] != value:
            yield key


@pytest.mark.parametrize("resources", ROWS, ids=lambda found: found[0])
def test_only_declared_figures_change_where_the_rows_of_a_resource_are_taken_away(
    resources: tuple[str, ...],
) -> None:
    """A need that is not declared would be an all-clear by data that is not there."""
    undeclared = {
        (metric, measure, level)
        for seed in SEEDS
        for metric, measure, level, _, _ in _changed(seed, ROWS[resources])
        if not BY_ID[metric].lacking(set(resources), measure, level)
    }
    assert undeclared == set()


def test_only_declared_figures_change_where_reopenings_are_not_known() -> None:
    """Every incident is resolved at once and opened again a minute before its end."""
    rows = busy_company(1)
    first = {each.incident_id: each for each in rows.log_entries}
    again = [
        first[each.id]._replace(
            id=each.id + kind.encode(), type=f"{kind}_log_entry", agent_type=None, created_at=at
        )
        for each in rows.incidents
        if each.id in first and each.resolved_at is not None
        for kind, at in (("resolve", each.created_at), ("trigger", each.resolved_at - MINUTE))
    ]
    known = _figures(replace(rows, log_entries=[*rows.log_entries, *again]))
    lost = _figures(replace(rows, log_entries=()))
    changed = {key for key in known if known[key] != lost.get(key) and key[2] not in PLACES}
    undeclared = {
        (metric, measure)
        for metric, measure, level, _, _ in changed
        if not BY_ID[metric].lacking({"log_entries"}, measure, level)
    }
    assert undeclared == set()


def test_every_resource_of_which_anything_is_computed_is_taken_away() -> None:
    taken = {name for resources in ROWS for name in resources}
    assert set(RESTED_ON) <= taken
    assert taken <= {each.name for each in COLLECTED}
