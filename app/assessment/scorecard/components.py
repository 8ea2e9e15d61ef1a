"""What each component of the scorecard is read from: value and the ends of its interval."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.assessment.figures import Figure
from app.assessment.published_figures import PublishedFigures

_PER_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Read:
    """``low`` and ``high`` are the ends of the interval, or the value itself for a fact."""

    value: float
    low: float
    high: float


Reader = Callable[[PublishedFigures], Read | None]


def _plain(measure: str, key: str | None = None) -> Reader:
    return lambda figures: _read(figures.account(measure, key))


def _complement(measure: str) -> Reader:
    """Of a share of what is bad, the share of what is good."""

    def read(figures: PublishedFigures) -> Read | None:
        found = _read(figures.account(measure))
        if found is None:
            return None
        return Read(1 - found.value, 1 - found.high, 1 - found.low)

    return read


def _exhausted(figures: PublishedFigures) -> Read | None:
    found = _read(figures.account("high_urgency_exhausted_rate"))
    if found is None:
        return None
    return Read(*(each * _PER_HUNDRED for each in (found.value, found.low, found.high)))


def _rests(figures: PublishedFigures) -> Read | None:
    """Short rests between blocks and interrupted days, per person and month; both or neither."""
    names = ("rest_violations_per_person_month", "interrupted_rest_per_person_month")
    return _sum(figures, names)


def _chaotic(figures: PublishedFigures) -> Read | None:
    """Incidents in flapping or in storms: both shares together, at most all of them."""
    found = _sum(figures, ("flap_share", "storm_share"))
    if found is None:
        return None
    return Read(*(min(1.0, each) for each in (found.value, found.low, found.high)))


def _sum(figures: PublishedFigures, measures: Sequence[str]) -> Read | None:
    found = [each for name in measures if (each := _read(figures.account(name))) is not None]
    if len(found) < len(measures):
        return None
    return Read(
        sum(each.value for each in found),
        sum(each.low for each in found),
        sum(each.high for each in found),
    )


def _read(figure: Figure | None) -> Read | None:
    if figure is None or figure.value is None:
        return None
    low, high = figure.interval or (figure.value, figure.value)
    return Read(figure.value, low, high)


READERS: Mapping[str, Reader] = {
    "INC-06": _plain("high_urgency_acked_within_target_rate"),
    "INC-04": _plain("high_urgency_tta_median_s"),
    "INC-09": _plain("rmst_s"),
    "INC-12": _plain("unowned_share"),
    "ESC-03": _plain("missed_page_rate"),
    "ESC-05": _plain("ack_by_level_rate", "L1"),
    "ESC-09": _exhausted,
    "ESC-10": _plain("high_urgency_unseen_rate"),
    "LOAD-01": _plain("incidents_per_12h_l1"),
    "INT-07": _plain("out_of_hours_per_month_median"),
    "ONC-02": _plain("people_over_quarter_share"),
    "ONC-03": _plain("gini_roster_corrected"),
    "ONC-07": _rests,
    "POL-01": _complement("services_below_two_levels_share"),
    "POL-02": _complement("services_below_three_people_share"),
    "ONC-09": _plain("l1_covered_share"),
    "POL-03": _complement("services_on_direct_user_first_share"),
    "SVC-07": _plain("services_with_team_and_dependency_share"),
    "NOI-02": _plain("transient_share"),
    "NOI-11": _plain("non_actionable_share"),
    "NOI-05": _chaotic,
    "DOR-02": _plain("change_failure_excess"),
    "DOR-04": _plain("fdrt_median_s"),
}
"""By metric id, as the thresholds file names the components."""
