"""What two assessments are compared in, by kind, and which direction is better."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.assessment.cases.case import Case

Better = Literal["low", "high"]
Durations = Callable[[Sequence[Case]], list[float]]
Kind = Literal["median", "share", "rate", "fact", "people"]


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure of the account."""

    measure: str
    kind: Kind
    better: Better
    dimension: str
    durations: Durations | None = None
    """For a median: the sample behind it, in microseconds."""


def _acks(cases: Sequence[Case]) -> list[float]:
    return [case.tta for case in cases if case.tta is not None and case.tta >= 0]


def _recoveries(cases: Sequence[Case]) -> list[float]:
    return [case.ttr for case in cases if case.ttr is not None and case.ttr >= 0]


def _high(sample: Durations) -> Durations:
    return lambda cases: sample([case for case in cases if case.incident.urgency == "high"])


def _lasting(cases: Sequence[Case]) -> list[float]:
    return _recoveries([case for case in cases if not case.handling.transient])


def _dora(cases: Sequence[Case]) -> list[float]:
    return [
        case.open_us
        for case in cases
        if case.counts_for_dora and case.ttr is not None and case.open_us >= 0
    ]


MEDIANS = (
    Compared("tta_median_s", "median", "low", "response", _acks),
    Compared("high_urgency_tta_median_s", "median", "low", "response", _high(_acks)),
    Compared("ttr_all_median_s", "median", "low", "response", _recoveries),
    Compared("ttr_median_without_transient_s", "median", "low", "response", _lasting),
    Compared("ttr_dora_median_s", "median", "low", "response", _dora),
)
_SHARES: Mapping[str, tuple[Better, str]] = {
    "ack_rate": ("high", "response"),
    "acked_within_target_rate": ("high", "response"),
    "high_urgency_acked_within_target_rate": ("high", "response"),
    "reopen_rate": ("low", "response"),
    "ack_timeout_rate": ("low", "response"),
    "escalation_rate": ("low", "escalation"),
    "missed_page_rate": ("low", "escalation"),
    "high_urgency_missed_page_rate": ("low", "escalation"),
    "first_touch_ack_rate": ("high", "escalation"),
    "never_acked_rate": ("low", "escalation"),
    "auto_resolved_share": ("low", "noise"),
    "transient_share": ("low", "noise"),
    "non_actionable_share": ("low", "noise"),
    "flap_share": ("low", "noise"),
    "storm_share": ("low", "noise"),
    "change_failure_rate": ("low", "change"),
}
_RATES: Mapping[str, tuple[Better, str]] = {
    "incident_count": ("low", "noise"),
    "high_urgency_incident_count": ("low", "noise"),
    "open_count": ("low", "response"),
    "exhausted_incidents": ("low", "escalation"),
}
# Of the set-up only what rests on rendered shifts: the rest is today's on both sides.
_FACTS: Mapping[str, tuple[Better, str]] = {
    "schedules_with_gap_count": ("low", "structure"),
    "policies_with_gap_count": ("low", "structure"),
    "l1_covered_share": ("high", "structure"),
    "services_on_single_person_policy_share": ("low", "structure"),
    "services_below_three_people_share": ("low", "structure"),
}
_PEOPLE: Mapping[str, tuple[Better, str]] = {
    "out_of_hours_per_month_median": ("low", "sustainability"),
    "gini_roster_corrected": ("low", "sustainability"),
}


def _all_of(kind: Kind, table: Mapping[str, tuple[Better, str]]) -> list[Compared]:
    return [Compared(name, kind, better, room) for name, (better, room) in table.items()]


COMPARED: tuple[Compared, ...] = (
    *MEDIANS,
    *_all_of("share", _SHARES),
    *_all_of("rate", _RATES),
    *_all_of("fact", _FACTS),
    *_all_of("people", _PEOPLE),
)
