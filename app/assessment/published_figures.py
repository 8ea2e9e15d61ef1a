"""Published figures by scope and measure: a finding may rest on nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from app.assessment.figures import Figure


class PublishedFigures:
    """A withheld figure is present without a value, so it triggers nothing."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures: defaultdict[tuple[str, str | None, str], dict[str | None, Figure]]
        self._figures = defaultdict(dict)
        self._places: defaultdict[tuple[str, str], dict[str, Figure]] = defaultdict(dict)
        for figure in figures:
            self._figures[figure.level, figure.of, figure.measure][figure.key] = figure
            if figure.of is not None and figure.key is None:
                self._places[figure.level, figure.measure][figure.of] = figure

    def account(self, measure: str, key: str | None = None) -> Figure | None:
        """A figure of the whole account."""
        return self.at("account", None, measure, key)

    def at(self, level: str, of: str | None, measure: str, key: str | None = None) -> Figure | None:
        """A figure of one place; None where there is none."""
        return self._figures.get((level, of, measure), {}).get(key)

    def keys(
        self, measure: str, level: str = "account", of: str | None = None
    ) -> dict[str, Figure]:
        """A map of one place by key."""
        found = self._figures.get((level, of, measure), {})
        return {key: figure for key, figure in found.items() if key is not None}

    def places(self, level: str, measure: str) -> dict[str, Figure]:
        """One measure of every place of a level, by the place's id."""
        return dict(self._places.get((level, measure), {}))

    def value(self, level: str, of: str | None, measure: str) -> float | None:
        """The value alone; None also where it is withheld."""
        found = self.at(level, of, measure)
        return None if found is None else found.value

    def some(self, *figures: Figure | None) -> Sequence[Figure]:
        """The figures that are there, as evidence."""
        return [each for each in figures if each is not None]
