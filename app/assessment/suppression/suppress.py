"""Suppression: after the computation, before anything is stored or shown (PRIV-10)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from app.assessment.catalogue import BY_ID
from app.assessment.figures import Figure
from app.assessment.metric import Measure
from app.assessment.series import Drawn, Series
from app.assessment.suppression.complement import complementary
from app.assessment.suppression.minimum import (
    SENSITIVE_MINIMUM,
    SPREAD_MINIMUM,
    needed,
    responders,
    too_few,
)
from app.assessment.suppression.rounding import FEW_RULE, coarse, few, rounded
from app.assessment.suppression.tables import dominated


def withheld_cells(figures: Sequence[Figure], k: int, hidden: Iterable[int] = ()) -> dict[int, str]:
    """Positions of the figures that must be withheld, each with its rule.

    ``hidden``: positions that are withheld for another reason; others must not reveal them.
    """
    rules = _withheld(figures, k, dict.fromkeys(hidden, "PRIV-4"))
    if responders(figures) < k:
        rules |= _over_people(figures, "PRIV-9")
    return rules


def suppress(figures: Iterable[Figure], k: int, *, off: bool = False) -> list[Figure]:
    """Figures as they may be published: none of them reveals a person.

    A figure about one person (P2) is dropped; one without people (P0) stays as it is, unless a few
    people made all of it (an acknowledgement time of one rota); the rest is withheld or rounded,
    and names the rule. ``people`` is removed from all of them. ``off``: the window or scope was
    chosen so freely that no figure over people may be published (PRIV-4).
    """
    kept = [figure for figure in figures if figure.privacy_class != "P2"]
    rules = withheld_cells(kept, k)
    if off and responders(kept) >= k:
        rules |= _over_people(kept, "PRIV-4")
    return [published(figure, rules.get(at)) for at, figure in enumerate(kept)]


def _over_people(figures: Sequence[Figure], rule: str) -> dict[int, str]:
    return {at: rule for at, figure in enumerate(figures) if figure.privacy_class == "P1"}


def suppress_series(
    drawn: Mapping[str, Drawn],
    declared: Iterable[Series],
    k: int,
    published: Iterable[Figure] = (),
    *,
    off: bool = False,
) -> dict[str, Drawn]:
    """Series as they may be published: of those over people only the ones with enough of them.

    ``published``: figures after suppression, some of which a series may repeat.
    """
    withheld = {each.measure for each in published if each.level == "week" and each.withheld}
    over_people = {each.name: each for each in declared if each.privacy != "P0"}
    return {
        name: found
        if name not in over_people
        else _series(found, over_people[name], k, off=off or over_people[name].follows in withheld)
        for name, found in drawn.items()
    }


def _series(found: Drawn, declared: Series, k: int, *, off: bool) -> Drawn:
    least = max(k, SENSITIVE_MINIMUM if declared.sensitive else SPREAD_MINIMUM)
    parts = [list(filter(None, people.values())) for people in found.parts]
    revealing = any(
        parts_of and (len(parts_of) < least or dominated(parts_of)) for parts_of in parts
    )
    if off or revealing or (found.people or 0) < least:
        return Drawn(())
    return Drawn([coarse(point, declared.y) for point in found.points])


def measure_of(figure: Figure) -> Measure:
    """The declaration behind a figure."""
    return BY_ID[figure.id].measure(figure.measure)


def _withheld(figures: Sequence[Figure], k: int, hidden: Mapping[int, str]) -> dict[int, str]:
    rules = dict(hidden)
    additive: defaultdict[str, list[int]] = defaultdict(list)
    for at, figure in enumerate(figures):
        if figure.privacy_class != "P1":
            if figure.people and len(figure.people) < k:
                rules[at] = "PRIV-1"
            continue
        measure = measure_of(figure)
        if too_few(figure, measure, k):
            rules.setdefault(at, "PRIV-1")
        elif measure.additive and dominated(list((figure.people or {}).values())):
            rules.setdefault(at, "PRIV-3")
        if measure.additive:
            additive[measure.table or figure.measure].append(at)
    for positions in additive.values():
        rules |= _complements(figures, positions, rules, k)
    return rules | _following(figures, rules)


def _complements(
    figures: Sequence[Figure], positions: list[int], rules: Mapping[int, str], k: int
) -> dict[int, str]:
    positions = sorted(positions, key=lambda at: _declared(figures[at]), reverse=True)
    cells = [figures[at] for at in positions]
    hidden = {index for index, at in enumerate(positions) if at in rules}
    least = max(needed(measure, k) for measure in {measure_of(cell) for cell in cells})
    return {positions[index]: "PRIV-2" for index in complementary(cells, hidden, least)}


def _declared(figure: Figure) -> tuple[str, int]:
    return figure.id, BY_ID[figure.id].measures.index(measure_of(figure))


def _following(figures: Sequence[Figure], rules: Mapping[int, str]) -> dict[int, str]:
    """Rules of figures that would reveal a withheld one."""
    hidden = {
        (figure.measure, *_place(figure)): rule
        for at, figure in enumerate(figures)
        if figure.privacy_class == "P1"
        and (rule := rules.get(at) or (FEW_RULE if few(figure) else None))
    }
    found = {}
    for at, figure in enumerate(figures):
        if figure.privacy_class == "P1" and at not in rules:
            rule = hidden.get((measure_of(figure).follows, *_place(figure)))
            if rule is not None:
                found[at] = rule
    return found


def _place(figure: Figure) -> tuple[str, str | None, str | None]:
    return figure.level, figure.of, figure.key


def published(figure: Figure, rule: str | None) -> Figure:
    """A figure as it may be shown: withheld by the rule, or rounded; without its people."""
    if figure.privacy_class == "P0" and rule is None:
        kept = rounded(figure) if measure_of(figure).coarse else figure
        return kept if kept.people is None else kept._replace(people=None)
    if rule is not None:
        return figure._replace(value=None, n=None, interval=None, people=None, withheld=rule)
    kept = rounded(figure)
    if figure.statistic is not None and len(figure.people or ()) < SPREAD_MINIMUM:
        # The interval of a median of six is the least and the most of them.
        kept = kept._replace(interval=None)
    return kept._replace(people=None)
