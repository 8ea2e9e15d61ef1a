"""What changed between two sides, measure by measure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.assessment.catalogue import BY_MEASURE
from app.assessment.comparison.measures import COMPARED, Compared
from app.assessment.comparison.side import Side
from app.assessment.comparison.verdict import (
    NOT_COMPARABLE,
    Outcome,
    Word,
    fact_test,
    median_test,
    people_test,
    rate_test,
    share_test,
    word,
)
from app.assessment.figures import Figure
from app.assessment.metric import HIGH_URGENCY
from app.assessment.statistics import holm
from app.assessment.suppression import publishable_change
from app.assessment.thresholds import THRESHOLDS


@dataclass(frozen=True, slots=True)
class Change:
    """One measure on both sides."""

    metric: str
    compared: Compared
    baseline: Figure
    followup: Figure
    test: Outcome
    verdict: Word

    @property
    def measure(self) -> str:
        return self.compared.measure

    def as_json(self) -> dict[str, Any]:
        """Ready for JSON: both figures, the effect with its interval and p, and the verdict."""
        test = self.test
        return {
            "id": self.metric,
            "measure": self.measure,
            "dimension": self.compared.dimension,
            "unit": self.baseline.unit,
            "baseline": self.baseline.as_json(),
            "followup": self.followup.as_json(),
            "effect": test.effect,
            "interval": None if test.interval is None else list(test.interval),
            "p": test.p,
            "verdict": self.verdict,
        }


def changes(before: Side, after: Side) -> list[Change]:
    """Every measure that both sides have, in the order of ``COMPARED``."""
    found = [_change(each, before, after) for each in COMPARED]
    return adjusted([each for each in found if each is not None])


def comparisons_made(found: Sequence[Change]) -> int:
    """How many comparisons were made: what could not be compared is none."""
    return sum(each.test.changed is not None for each in found)


def adjusted(found: Sequence[Change]) -> list[Change]:
    """From 21 comparisons on a change must stand after Holm's correction in its dimension."""
    if comparisons_made(found) < THRESHOLDS.comparison["holm_from"]:
        return list(found)
    rooms: defaultdict[str, list[int]] = defaultdict(list)
    for at, each in enumerate(found):
        if each.test.p is not None:
            rooms[each.compared.dimension].append(at)
    made = list(found)
    for positions in rooms.values():
        raised = holm([p for at in positions if (p := found[at].test.p) is not None])
        for at, p in zip(positions, raised, strict=True):
            test = replace(found[at].test, p=p)
            if p > test.level:
                test = replace(test, changed=False)
            made[at] = replace(found[at], test=test, verdict=word(test, found[at].compared))
    return made


def _change(compared: Compared, before: Side, after: Side) -> Change | None:
    one, two = before.shown.get(compared.measure), after.shown.get(compared.measure)
    if one is None or two is None:
        return None
    if one.privacy_class != "P0" and not _publishable(compared.measure, before, after):
        one, two = _withheld(one), _withheld(two)
    plain = compared.measure.removeprefix(HIGH_URGENCY)
    declared = BY_MEASURE[plain]
    missing = before.published.missing | after.published.missing
    unsure = bool(declared.lacking(missing, plain, "account"))
    test = NOT_COMPARABLE if unsure else _test(compared, one, two, before, after)
    return Change(
        metric=declared.id,
        compared=compared,
        baseline=one,
        followup=two,
        test=test,
        verdict=word(test, compared),
    )


def _publishable(measure: str, before: Side, after: Side) -> bool:
    """Whether no two groups that are shown differ by one or two people (PRIV-4).

    Not those of the two windows, and not those of all services and of the matched ones.
    """
    pairs = [(before, after)]
    pairs += [(side, side.whole) for side in (before, after) if side.whole is not None]
    k = after.options.minimum_group
    return all(
        publishable_change(one.people.get(measure), two.people.get(measure), k)
        for one, two in pairs
    )


def _withheld(figure: Figure) -> Figure:
    rule = figure.withheld or "PRIV-4"
    return figure._replace(value=None, interval=None, n=None, withheld=rule)


def _test(compared: Compared, one: Figure, two: Figure, before: Side, after: Side) -> Outcome:
    if one.value is None or two.value is None:
        return NOT_COMPARABLE
    if compared.durations is not None:
        samples = [compared.durations(side.cases) for side in (before, after)]
        return median_test(samples[0], samples[1], one, two)
    if compared.kind == "share":
        return share_test(one, two)
    if compared.kind == "rate":
        return rate_test(one, two, (before.options.window_us, after.options.window_us))
    return fact_test(one, two) if compared.kind == "fact" else people_test(one, two)
