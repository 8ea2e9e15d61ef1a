"""Every measure that a rule, the scorecard or the confidence asks for is one that is published.

A misspelt name would be a rule that never fires, and nobody would know.
"""

import random
from collections.abc import Iterator

import pytest

from app.assessment.account import Account
from app.assessment.catalogue import BY_MEASURE, METRICS
from app.assessment.confidence import confidence
from app.assessment.figures import Figure
from app.assessment.findings.rule import Rule, RuleInput
from app.assessment.findings.rules import RULES
from app.assessment.metric import HIGH_URGENCY, figures_of
from app.assessment.published_figures import PublishedFigures
from app.assessment.scopes import LEVELS
from app.assessment.scorecard.components import READERS
from app.assessment.thresholds import THRESHOLDS
from tests.factories.configuration_rows import edges, estate, policy, service
from tests.factories.rows import DAY, MINUTE, MONDAY, incident, options, rule, shift

Read = tuple[str, str]
"""Level and measure."""
VALUES = (None, 0.0, 0.004, 0.5, 1.0, 2.0, 3.0, 20.0, 1e9)
LETTERS: dict[str, str] = {name: letter for letter, name in LEVELS.items()}
QUESTION = options(until=MONDAY + 12 * 7 * DAY)


class Recorder(PublishedFigures):
    """Returns random figures and records which ones were read."""

    def __init__(self, seed: int) -> None:
        super().__init__(())
        self.read: set[Read] = set()
        self._chance = random.Random(seed)  # noqa: S311

    def at(self, level: str, of: str | None, measure: str, key: str | None = None) -> Figure | None:
        return self._answer(level, of, measure, key)

    def keys(
        self, measure: str, level: str = "account", of: str | None = None
    ) -> dict[str, Figure]:
        keys = ("aa>bb",) if measure.startswith("edge_") else ("L1", "L2")
        return {key: self._answer(level, of, measure, key) for key in keys}

    def places(self, level: str, measure: str) -> dict[str, Figure]:
        return {of: self._answer(level, of, measure, None) for of in ("aa", "bb")}

    def _answer(self, level: str, of: str | None, measure: str, key: str | None) -> Figure:
        self.read.add((level, measure))
        value = self._chance.choice(VALUES)
        return Figure(
            id="",
            measure=measure,
            value=value,
            unit="",
            n=1000,
            interval=None,
            level=level,
            of=of,
            key=key,
            sample_class="exact",
            statistic=None,
            privacy_class="P0",
            people=None,
            withheld=None,
        )


def read_by(rule: Rule) -> set[Read]:
    """Random figures for a rule, drawn often enough to reach each of its branches."""
    found: set[Read] = set()
    for seed in range(300):
        figures = Recorder(seed)
        everywhere = {"aa": "aa", "bb": "bb"}
        case = RuleInput(figures, QUESTION, frozenset(everywhere), everywhere, {"aa": 0, "bb": 0})
        list(rule.judge(case))
        found |= figures.read
    return found


def undeclared(read: set[Read]) -> Iterator[Read]:
    for place, measure in sorted(read):
        found = BY_MEASURE.get(measure.removeprefix(HIGH_URGENCY))
        urgent = measure.startswith(HIGH_URGENCY)
        levels = "" if found is None else found.split if urgent else found.levels
        if LETTERS[place] not in levels:
            yield place, measure


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_reads_only_measures_declared_for_the_level_where_it_reads(rule: Rule) -> None:
    read = read_by(rule)
    assert read
    assert list(undeclared(read)) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_rests_on_the_metrics_that_it_names(rule: Rule) -> None:
    read = {BY_MEASURE[name.removeprefix(HIGH_URGENCY)].id for _, name in read_by(rule)}
    given = {"SVC-08"} if rule.id == "F40" else set()
    assert set(rule.metrics) <= read | given


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_declares_every_metric_that_it_reads(rule: Rule) -> None:
    """What decides and is not declared would be an all-clear by data that is not there."""
    read = {BY_MEASURE[name.removeprefix(HIGH_URGENCY)].id for _, name in read_by(rule)}
    given = {"SVC-08"}  # which services are critical is handed to every rule
    assert {*rule.deciding, *rule.beside} - given == read - given


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_declares_every_resource_that_its_measures_need(rule: Rule) -> None:
    more_severe = {"high_urgency_exhausted_major_incidents"}
    for level, name in read_by(rule):
        plain = name.removeprefix(HIGH_URGENCY)
        if BY_MEASURE[plain].id in rule.deciding and name not in more_severe:
            needs = BY_MEASURE[plain].needed(plain, level)
            assert needs - set(rule.lacking(needs)) == set(), name


def test_the_scorecard_reads_only_measures_of_the_account() -> None:
    assert set(READERS) == {each.metric for each in THRESHOLDS.components}
    for name, reader in READERS.items():
        figures = Recorder(1)
        reader(figures)
        assert figures.read, name
        assert list(undeclared(figures.read)) == []


def test_confidence_reads_only_declared_measures() -> None:
    for dimension in ("", *THRESHOLDS.dimensions):
        figures = Recorder(1)
        confidence(figures, QUESTION, dimension)
        assert list(undeclared(figures.read)) == []


def test_no_two_metrics_of_the_rules_share_the_name_of_a_measure() -> None:
    read = {name for rule in RULES for _, name in read_by(rule)}
    for name in {each.removeprefix(HIGH_URGENCY) for each in read}:
        owners = [each.id for each in METRICS if name in {m.name for m in each.measures}]
        assert len(owners) == 1, (name, owners)


def published() -> set[Read]:
    """Level and measure of every figure of an account that has a bit of everything."""
    starts = [MONDAY + day * DAY + hour * 60 * MINUTE for day in range(84) for hour in range(24)]
    rows = estate(
        policies=[policy()],
        rules=[rule(1, "rota1"), rule(2, "rota2")],
        services=[service("a", teams=["red"]), service("b", teams=["red"])],
        dependencies=edges("a>b", "b>a"),
        rosters={"rota1": ["ann", "bob"], "rota2": ["cid"]},
        shifts=[
            shift("rota1", MONDAY, MONDAY + 50 * DAY, "ann"),
            shift("rota2", MONDAY, MONDAY + 80 * DAY, "cid"),
        ],
        incidents=[
            incident(f"{name}{at}"[:16], at, resolved=MINUTE, service=name, teams=["red"])
            for name in ("a", "b")
            for at in starts[:: 12 if name == "a" else 7]
        ],
        teams=["red"],
        abilities=["teams"],
    )
    account = Account(rows, QUESTION)
    return {(each.level, each.measure) for m in METRICS for each in figures_of(m, account)}


def test_every_measure_of_a_rule_is_declared_and_computed() -> None:
    read = {each for rule in RULES for each in read_by(rule)}
    for reader in READERS.values():
        figures = Recorder(1)
        reader(figures)
        read |= figures.read
    result = published()
    # Shares by level need an acknowledgement, of which this account has none.
    result.add(("account", "ack_by_level_rate"))
    assert sorted(read - result) == []
