"""Suppression of a plain table whose total is shown, and of sums that one person makes."""

from collections.abc import Mapping, Sequence

DOMINANT_SHARE = 0.7
"""A sum of which one person makes more than this is theirs (PRIV-3)."""
NEAR_SHARE = 0.1
"""The p % rule: what the two largest leave must be at least this share of the largest."""


def suppress_table(people: Mapping[str, int], k: int) -> dict[str, int | None]:
    """Numbers of people per group with the small groups hidden (PRIV-1, PRIV-2).

    The total counts as known: hidden groups are at least two and have together at least ``k``
    people, else the next smallest is hidden too (ties by name). An empty group hides nobody.
    """
    hidden = {name for name, number in people.items() if 0 < number < k}
    rest = sorted((number, name) for name, number in people.items() if number >= k)
    while hidden and (len(hidden) < 2 or sum(people[name] for name in hidden) < k) and rest:
        hidden.add(rest.pop(0)[1])
    return {name: None if name in hidden else number for name, number in people.items()}


def dominated(amounts: Sequence[float], share: float = DOMINANT_SHARE) -> bool:
    """Whether a sum reveals one person's part: more than ``share`` of it, or nearly so (PRIV-3)."""
    largest = sorted((amount for amount in amounts if amount > 0), reverse=True)
    if not largest:
        return False
    total = sum(largest)
    rest = sum(largest[2:])
    return largest[0] > share * total or rest < NEAR_SHARE * largest[0]


def dominated_groups(groups: Mapping[str, Sequence[float]], share: float) -> list[str]:
    """Names of the groups whose sum must not be shown, in order."""
    return sorted(name for name, amounts in groups.items() if dominated(amounts, share))
