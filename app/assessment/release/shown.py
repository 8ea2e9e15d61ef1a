"""The figures over people of one assessment: from the release, never from its own window."""

from collections.abc import Iterable, Mapping

from app.assessment.figures import Figure
from app.assessment.options import AssessmentOptions
from app.assessment.release.release import Key, Release, key_of
from app.assessment.series import Drawn

_PLACES = frozenset({"team", "service", "policy", "schedule"})


def shown(
    suppressed: Iterable[Figure], release: Release, options: AssessmentOptions
) -> list[Figure]:
    """Figures of which those over people are the released ones, each with its window.

    ``suppressed`` has none over people. Of chosen teams or services only figures of a place are
    released: all others are about everybody.
    """
    figures = list(suppressed)
    narrowed = options.narrow
    own = {key_of(each) for each in figures}
    found = [_released(each, release, narrowed=narrowed) for each in figures]
    if not narrowed:
        # Weeks that the window of the assessment does not have, for example.
        found += [_shown(release, key) for key in release.cells if key not in own]
    return found


def shown_series(drawn: Mapping[str, Drawn], release: Release, *, off: bool) -> dict[str, Drawn]:
    """Series, of which those over people are the released ones; ``off``: none of them."""
    released = {name: Drawn(()) if off else line.drawn for name, line in release.series.items()}
    return {**drawn, **released}


def _released(figure: Figure, release: Release, *, narrowed: bool) -> Figure:
    key = key_of(figure)
    over_people = figure.privacy_class == "P1" and key in release.cells
    if not over_people or (narrowed and figure.level not in _PLACES):
        return figure
    return _shown(release, key)


def _shown(release: Release, key: Key) -> Figure:
    cell = release.cells[key]
    return cell.figure._replace(window=cell.window)
