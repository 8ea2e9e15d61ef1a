"""The points behind the charts of escalation."""

from collections import Counter
from itertools import pairwise

from app.assessment.account import Account
from app.assessment.cases.paths import Path
from app.assessment.metrics.escalations.acknowledgements import levels_at_ack
from app.assessment.scopes import scopes_of
from app.assessment.series import Drawn, series

_CAUSES = frozenset({"timeout", "manual", "automation", "repeat", "reassign", "delegate"})
_ENDS = {"user_resolved": "resolved", "auto_resolved": "resolved", "ack": "acknowledged"}


@series(
    "level_flow",
    "ESC-01",
    "Incidents between levels",
    kind="bars",
    x="from",
    y="count",
    y_title="Incidents",
)
def level_flow(account: Account) -> Drawn:
    """Steps from place to place up to the first acknowledgement, or to the end without one.

    The widths of a flow chart: ``{"from": "L1", "to": "L2", "count": 12}``.
    """
    (scope,) = scopes_of(account, "account")
    seen: Counter[tuple[str, str]] = Counter()
    for tokens, number in Counter(_upto_ack(case.path) for case in scope.cases).items():
        for step in pairwise(_places(tokens)):
            seen[step] += number
    return Drawn(
        [{"from": start, "to": end, "count": seen[start, end]} for start, end in sorted(seen)]
    )


@series(
    "acked_by_level",
    "ESC-05",
    "First acknowledgement by level",
    kind="bars",
    x="level",
    y="count",
    y_title="Incidents",
)
def acked_by_level(account: Account) -> Drawn:
    """Levels in order, then words."""
    (scope,) = scopes_of(account, "account")
    return Drawn(
        [{"level": level, "count": n} for level, n in levels_at_ack(account, scope.places)]
    )


def _upto_ack(path: Path) -> tuple[str, ...]:
    return path.tokens[: path.acked_after]


def _places(tokens: tuple[str, ...]) -> list[str]:
    return [_ENDS.get(token, token) for token in tokens if token not in _CAUSES]
