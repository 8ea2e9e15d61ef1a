"""Escalation chains: ESC-02, ESC-03, ESC-05, ESC-10, from the paths of population B."""

from collections import Counter
from collections.abc import Sequence

from app.assessment.figures import Figure, count, keyed, share
from app.assessment.paths import Ending, Path

_ENDINGS: tuple[Ending, ...] = ("auto_resolved", "user_resolved", "open")


def escalations(paths: Sequence[Path]) -> list[Figure]:
    """All escalation figures; a start above L1 because of a gap is not an escalation."""
    escalated = sum(bool(path.escalations) for path in paths)
    missed = sum(path.missed_page for path in paths)
    return [
        share("ESC-02", "escalation_rate", escalated, len(paths)),
        share("ESC-03", "missed_page_rate", missed, len(paths)),
        *acked_levels(paths),
        *never_acknowledged(paths),
    ]


def levels_at_ack(paths: Sequence[Path]) -> list[tuple[str, int]]:
    """Level at the first human ack and how often: levels in order, then words."""
    seen = Counter(path.ack_level for path in paths if path.ack_level is not None)
    return sorted(seen.items(), key=lambda item: (not item[0].startswith("L"), _natural(item[0])))


def acked_levels(paths: Sequence[Path]) -> list[Figure]:
    """ESC-05: acknowledgements per level, as counts and as shares of the acknowledged."""
    levels = levels_at_ack(paths)
    acked = sum(number for _, number in levels)
    return [
        *(count("ESC-05", "ack_by_level", number, acked, keyed(lvl)) for lvl, number in levels),
        *(
            share("ESC-05", "ack_by_level_rate", number, acked, keyed(lvl))
            for lvl, number in levels
        ),
    ]


def never_acknowledged(paths: Sequence[Path]) -> list[Figure]:
    """ESC-10: B without a human ack, by how it ended; resolved by a user means seen."""
    endings = Counter(path.ending for path in paths if path.acked_after is None)
    n, total = len(paths), endings.total()
    keys = [*_ENDINGS, *(ending for ending in endings if ending not in _ENDINGS)]
    return [
        count("ESC-10", "never_acked", total, n, keyed("total")),
        *(count("ESC-10", "never_acked", endings[key], n, keyed(key)) for key in keys),
        share("ESC-10", "never_acked_rate", total, n),
    ]


def _natural(level: str) -> tuple[int, str]:
    return len(level), level
