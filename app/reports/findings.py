"""Findings as pages show them: one entry a rule and level, with its places and one chart."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.assessment.display import shown
from app.assessment.findings.finding import SEVERITIES
from app.assessment.findings.rules import RULES
from app.reports.charts.drawing import Chart
from app.reports.charts.figure_bars import bars_of, has_bar, highest
from app.reports.figures import FigureView, Row, figure_of, interval_of, lacking_of, value_of, view
from app.reports.wording import declarations, units, words
from app.reports.wording.resource_names import resource_names
from app.reports.wording.scope_names import LEVELS, place_name

MOST_PLACES = 50
CLEAR = "Checked and not found"
MISSING = "Cannot be told: data is missing"
_Measure = tuple[str, str, str]
"""Metric id, measure and level."""
NOT_DECIDED = "Not decided by the published figures"
_DEFINITIONS: Mapping[str, str] = {rule.id: rule.definition for rule in RULES}


@dataclass(frozen=True, slots=True)
class Place:
    """One finding of an entry; ``evidence`` says its figures in one line."""

    name: str
    pseudonym: str
    severity: str
    evidence: list[tuple[str, str, str]]
    """Metric id, label with its key, and value with interval and n."""
    note: str


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one rule at one level; ``severity`` is that of the worst."""

    id: str
    title: str
    level: str
    severity: str
    severities: list[tuple[str, int]]
    confidence: str
    dimension: str
    rule: str
    recommendation: str
    source: str
    places: list[Place]
    number: int
    lacking: tuple[str, ...]
    """Resources its evidence rests on that are incomplete, in words."""
    chart: Chart | None
    families: frozenset[str]

    @property
    def anchor(self) -> str:
        """Where the entry stands on the page of findings."""
        return f"{self.id}-{self.level}"

    @property
    def where(self) -> str:
        """``18 escalation policies``; of the account, nothing more to say."""
        one, many = LEVELS[self.level]
        if self.level == "account":
            return "whole account"
        return f"1 {one.lower()}" if self.number == 1 else f"{self.number} {many}"


@dataclass(frozen=True, slots=True)
class CheckedRule:
    """One rule that found nothing; ``missing`` are the resources that it would need, in words."""

    id: str
    title: str
    missing: str


def groups(document: Mapping[str, Any]) -> list[FindingGroup]:
    """The findings of a report, the most severe first."""
    found: defaultdict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for finding in document["findings"]:
        found[finding["id"], finding["scope"]["level"]].append(finding)
    lacking = {_measure_of(row): lacking_of(row) for row in document["metrics"]}
    made = [_group(level, each, lacking) for (_, level), each in found.items()]
    return sorted(made, key=lambda g: (SEVERITIES.index(g.severity), g.id, g.level))


def undecided(document: Mapping[str, Any]) -> str:
    """How many rules rest on what is missing, and on what; empty where none does."""
    checks = [each for each in document["checked"] if each["lacking"]]
    if not checks:
        return ""
    names = dict.fromkeys(name for each in checks for name in each["lacking"])
    missing = words.listed(resource_names(names))
    number = "1 rule" if len(checks) == 1 else f"{len(checks)} rules"
    return f"{number} cannot be decided, because data is missing: {missing}."


def rules_by_state(document: Mapping[str, Any]) -> list[tuple[str, list[CheckedRule]]]:
    """Rules that found nothing, under what that means; no heading without a rule."""
    found: defaultdict[str, list[CheckedRule]] = defaultdict(list)
    for each in document["checked"]:
        if each["state"] == "clear":
            heading = CLEAR
        elif each["state"] == "not told":
            heading = MISSING if each["lacking"] else NOT_DECIDED
        else:
            continue
        missing = words.listed(resource_names(each["lacking"]))
        found[heading].append(CheckedRule(each["id"], each["title"], missing))
    return [(each, found[each]) for each in (CLEAR, MISSING, NOT_DECIDED) if found[each]]


def counted(found: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """How many of each severity, the most severe first; none of those there are not."""
    number = Counter(each["severity"] for each in found)
    return [(severity, number[severity]) for severity in SEVERITIES if number[severity]]


def _group(
    level: str, found: list[Mapping[str, Any]], lacking: Mapping[_Measure, tuple[str, ...]]
) -> FindingGroup:
    ordered = sorted(found, key=lambda each: SEVERITIES.index(each["severity"]))
    first = ordered[0]
    evidence = [row for each in found for row in each["evidence"]]
    return FindingGroup(
        id=first["id"],
        title=first["title"],
        level=level,
        severity=first["severity"],
        severities=counted(found),
        confidence=first["confidence"],
        dimension=first["dimension"] or "",
        rule=_DEFINITIONS.get(first["id"], ""),
        recommendation=first["recommendation"],
        source=first["source"],
        places=[_place(each) for each in ordered[:MOST_PLACES]],
        number=len(found),
        lacking=tuple(
            sorted({name for row in evidence for name in lacking.get(_measure_of(row), ())})
        ),
        chart=_chart(level, ordered),
        families=frozenset(declarations.family_of(row["id"]) for row in evidence),
    )


def _place(finding: Mapping[str, Any]) -> Place:
    scope = finding["scope"]
    return Place(
        name=place_name(scope["level"], scope.get("id")),
        pseudonym=scope.get("id", ""),
        severity=finding["severity"],
        evidence=[_evidence_line(row) for row in finding["evidence"]],
        note=finding["note"],
    )


def _measure_of(row: Row) -> _Measure:
    return row["id"], row["measure"], row["scope"]["level"]


def _label(row: Row) -> str:
    label = declarations.label(row["id"], row["measure"])
    key = row["scope"].get("key")
    return f"{label}: {declarations.key_name(row['id'], row['measure'], key)}" if key else label


def _evidence_line(row: Row) -> tuple[str, str, str]:
    figure = figure_of(row)
    interval = interval_of(figure, shown(figure))
    seen: FigureView = view(row)
    parts = [value_of(figure), f"({interval})" if interval else "", f"n {seen.n}" if seen.n else ""]
    return row["id"], _label(row), " ".join(part for part in parts if part)


def _chart(level: str, found: list[Mapping[str, Any]]) -> Chart | None:
    """The first figure of every place; of the account, its figures of one unit."""
    if level == "account":
        rows = [row for row in found[0]["evidence"] if has_bar(row)]
        kinds = [units.kind(figure_of(row)) for row in rows]
        named = [(_label(r), r) for r, kind in zip(rows, kinds, strict=True) if kind == kinds[0]]
        return bars_of(named, len(named), "Figure", alike=False) if named else None
    firsts = [(place_name(level, each["scope"].get("id")), each["evidence"]) for each in found]
    named = [(name, rows[0]) for name, rows in firsts if rows and has_bar(rows[0])]
    same = [(name, row) for name, row in named if row["measure"] == named[0][1]["measure"]]
    return bars_of(highest(same), len(same), LEVELS[level][0]) if same else None
