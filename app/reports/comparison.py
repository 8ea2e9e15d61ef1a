"""A comparison as its page shows it: verdicts by dimension, and what became of the findings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.reports.figures import FigureView, figure_of, view
from app.reports.wording import declarations, words
from app.reports.wording.scope_names import place_name

VERDICTS = ("worse", "better", "no clear change", "not comparable")
_STATES = ("new", "worse", "still open", "better", "closed", "not checkable")


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One measure on both sides, in words."""

    id: str
    label: str
    dimension: str
    before: FigureView
    after: FigureView
    effect: str
    p: str
    verdict: str


@dataclass(frozen=True, slots=True)
class FollowedView:
    """What became of one finding."""

    id: str
    title: str
    place: str
    severity: str
    state: str


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """``matched`` is the headline: only the services present on both sides."""

    reason: str
    verdicts: list[tuple[str, int]]
    matched: list[ChangeView]
    changes: list[ChangeView]
    same: bool
    followed: list[FollowedView]
    states: list[tuple[str, int]]


def comparison_page(comparison: Mapping[str, Any]) -> ComparisonPage:
    """``comparison`` is that part of a report."""
    matched = _changes(comparison["matched"])
    followed = sorted(
        (_followed(each) for each in comparison["findings"]),
        key=lambda each: (_STATES.index(each.state), each.id, each.place),
    )
    return ComparisonPage(
        reason=comparison["reason"],
        verdicts=_counted(VERDICTS, [each.verdict for each in matched]),
        matched=matched,
        changes=_changes(comparison["changes"]),
        same=comparison["matched"] == comparison["changes"],
        followed=followed,
        states=_counted(_STATES, [each.state for each in followed]),
    )


def _counted(order: Sequence[str], found: Sequence[str]) -> list[tuple[str, int]]:
    number = Counter(found)
    return [(word, number[word]) for word in order if number[word]]


def _changes(found: Sequence[Mapping[str, Any]]) -> list[ChangeView]:
    views = [_change(each) for each in found]
    return sorted(views, key=lambda each: VERDICTS.index(each.verdict))


def _change(change: Mapping[str, Any]) -> ChangeView:
    return ChangeView(
        id=change["id"],
        label=declarations.label(change["id"], change["measure"]),
        dimension=change["dimension"],
        before=view(change["baseline"]),
        after=view(change["followup"]),
        effect=_effect(change),
        p=words.plain(change["p"]) if change["p"] is not None else "",
        verdict=change["verdict"],
    )


def _effect(change: Mapping[str, Any]) -> str:
    """A difference of shares in points; of a median Cliff's delta, of a count the ratio."""
    effect, interval = change["effect"], change["interval"]
    if effect is None:
        return words.DASH
    share = figure_of(change["baseline"]).is_share
    shown = words.points if share else words.plain
    if interval is None:
        return f"delta {shown(effect)}" if change["p"] is not None else shown(effect)
    with_interval = f"{shown(effect)} ({shown(interval[0])} to {shown(interval[1])})"
    return with_interval if share else f"times {with_interval}"


def _followed(each: Mapping[str, Any]) -> FollowedView:
    scope = each["scope"]
    place = place_name(scope["level"], scope.get("id"))
    return FollowedView(each["id"], each["title"], place, each["severity"], each["state"])
