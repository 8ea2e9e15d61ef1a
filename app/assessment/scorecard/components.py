"""What each component of the scorecard is read from: value and the ends of its interval."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass

from app.assessment.catalogue import BY_MEASURE
from app.assessment.figures import Figure
from app.assessment.metric import HIGH_URGENCY, Measure
from app.assessment.published_figures import PublishedFigures

_PER_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Read:
    """``low`` and ``high`` are the ends of the interval, or the value itself for a fact."""

    value: float
    low: float
    high: float


Combine = Callable[[Sequence[Read]], Read]


@dataclass(frozen=True, slots=True)
class Reader:
    """Which figures of the account a component is read from, and how; all of them or none."""

    measures: tuple[tuple[str, str | None], ...]
    """With the key, of a map."""
    combine: Combine
    keeps_unit: bool = True
    """Whether the component has the unit of its figures."""

    def __call__(self, figures: PublishedFigures) -> Read | None:
        found = [_read(figures.account(*each)) for each in self.measures]
        known = [each for each in found if each is not None]
        return self.combine(known) if len(known) == len(found) else None

    @property
    def measure(self) -> Measure:
        """The first that it is read from."""
        name = self.measures[0][0].removeprefix(HIGH_URGENCY)
        return BY_MEASURE[name].measure(name)

    def lacking(self, missing: Container[str]) -> list[str]:
        """The missing resources that the figures rest on."""
        names = [name.removeprefix(HIGH_URGENCY) for name, _ in self.measures]
        return [
            each for name in names for each in BY_MEASURE[name].lacking(missing, name, "account")
        ]


def _read(figure: Figure | None) -> Read | None:
    if figure is None or figure.value is None:
        return None
    low, high = figure.interval or (figure.value, figure.value)
    return Read(figure.value, low, high)


def _plain(measure: str, key: str | None = None) -> Reader:
    return Reader(((measure, key),), lambda found: found[0])


def _good(found: Sequence[Read]) -> Read:
    bad = found[0]
    return Read(1 - bad.value, 1 - bad.high, 1 - bad.low)


def _complement(measure: str) -> Reader:
    """Of a share of what is bad, the share of what is good."""
    return Reader(((measure, None),), _good)


def _per_hundred(found: Sequence[Read]) -> Read:
    return Read(*(each * _PER_HUNDRED for each in _ends(found[0])))


def _sum(found: Sequence[Read]) -> Read:
    return Read(*map(sum, zip(*map(_ends, found), strict=True)))


def _share_of_all(found: Sequence[Read]) -> Read:
    """Shares that overlap: together at most all."""
    return Read(*(min(1.0, each) for each in _ends(_sum(found))))


def _ends(read: Read) -> tuple[float, float, float]:
    return read.value, read.low, read.high


READERS: Mapping[str, Reader] = {
    "INC-06": _plain("high_urgency_acked_within_target_rate"),
    "INC-04": _plain("high_urgency_tta_median_s"),
    "INC-09": _plain("rmst_s"),
    "INC-12": _plain("unowned_share"),
    "ESC-03": _plain("missed_page_rate"),
    "ESC-05": _plain("ack_by_level_rate", "L1"),
    "ESC-09": Reader((("high_urgency_exhausted_rate", None),), _per_hundred, keeps_unit=False),
    "ESC-10": _plain("high_urgency_unseen_rate"),
    "LOAD-01": _plain("incidents_per_12h_l1"),
    "INT-07": _plain("out_of_hours_per_month_median"),
    "ONC-02": _plain("people_over_quarter_share"),
    "ONC-03": _plain("gini_roster_corrected"),
    "ONC-07": Reader(
        (("rest_violations_per_person_month", None), ("interrupted_rest_per_person_month", None)),
        _sum,
    ),
    "POL-01": _complement("services_below_two_levels_share"),
    "POL-02": _complement("services_below_three_people_share"),
    "ONC-09": _plain("l1_covered_share"),
    "POL-03": _complement("services_on_direct_user_first_share"),
    "SVC-07": _plain("services_with_team_and_dependency_share"),
    "NOI-02": _plain("transient_share"),
    "NOI-11": _plain("non_actionable_share"),
    "NOI-05": Reader((("flap_share", None), ("storm_share", None)), _share_of_all),
    "DOR-02": _plain("change_failure_excess"),
    "DOR-04": _plain("fdrt_median_s"),
}
"""By metric id, as the thresholds file names the components."""
