"""What every figure is called and how it is computed, for the definition one click away.

Ids and definitions are those of ``app.assessment``; measures are its JSON names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.assessment.figures import SampleClass

RATE: SampleClass = "rate"
SHARE: SampleClass = "prop"
TIME: SampleClass = "dur"
EXACT: SampleClass = "exact"
HIGH_URGENCY = "high_urgency_"


@dataclass(frozen=True, slots=True)
class Entry:
    """One measure: its label, its definition, and the rule for small samples it falls under."""

    label: str
    definition: str
    sample: SampleClass


_ACK = "from the creation of an incident to its first acknowledgement by a person"
_RECOVERY = "from creation to resolution, of incidents that are not of low urgency"
_LEVEL = (
    "The level of the escalation policy reached at the first acknowledgement by a person; direct "
    "means assigned outside the levels."
)
_NOT_MERGED = "Incidents merged into another are left out."

GLOSSARY: Mapping[str, Entry] = {
    "incident_count": Entry("Incidents", f"Created in the window. {_NOT_MERGED}", RATE),
    "merged_count": Entry(
        "Merged incidents",
        "Incidents of the window that were merged into another; the other figures leave them out.",
        RATE,
    ),
    "incidents_per_week": Entry(
        "Incidents per week", f"Created in the window, per seven days. {_NOT_MERGED}", RATE
    ),
    "open_count": Entry(
        "Open incidents",
        "Incidents of the window not resolved when it was assessed. A snoozed incident is open.",
        RATE,
    ),
    "open_stale_count": Entry(
        "Open for more than a day", "Open incidents older than 24 hours when assessed.", RATE
    ),
    "open_age_median": Entry(
        "Age of open incidents, median", "Half of the open incidents are younger.", TIME
    ),
    "open_age_p90": Entry(
        "Age of open incidents, 90th percentile", "Nine in ten open incidents are younger.", TIME
    ),
    "tta_median": Entry(
        "Time to acknowledge, median",
        f"Half of the acknowledged incidents took no longer, {_ACK}. Acknowledgements by "
        "automation do not count, and incidents nobody acknowledged are outside: "
        "read it beside the share acknowledged.",
        TIME,
    ),
    "tta_mean": Entry(
        "Time to acknowledge, mean",
        f"Average time {_ACK}. A few very slow ones pull it up; the median is steadier.",
        TIME,
    ),
    "tta_p90": Entry(
        "Time to acknowledge, 90th percentile",
        f"Nine in ten acknowledged incidents took no longer, {_ACK}.",
        TIME,
    ),
    "tta_p95": Entry(
        "Time to acknowledge, 95th percentile",
        f"Nineteen in twenty acknowledged incidents took no longer, {_ACK}.",
        TIME,
    ),
    "acked_count": Entry(
        "Acknowledged incidents", "Incidents that a person acknowledged at least once.", RATE
    ),
    "ack_rate": Entry(
        "Share acknowledged",
        "Incidents that a person acknowledged, of all incidents. What resolves itself before "
        "anybody answers lowers it.",
        SHARE,
    ),
    "acked_within_target_rate": Entry(
        "Acknowledged within 5 minutes",
        "Incidents acknowledged by a person within 5 minutes of creation, of all incidents old "
        "enough to tell. Those never acknowledged count as missed.",
        SHARE,
    ),
    "ttr_all_median": Entry(
        "Time to resolve, median",
        "Half of the resolved incidents took no longer from creation to resolution. After a "
        "reopening the last resolution counts; open incidents are outside.",
        TIME,
    ),
    "ttr_all_mean": Entry(
        "Time to resolve, mean",
        "Average time from creation to resolution. A few very long incidents pull it up.",
        TIME,
    ),
    "ttr_all_p90": Entry(
        "Time to resolve, 90th percentile",
        "Nine in ten resolved incidents took no longer from creation to resolution.",
        TIME,
    ),
    "ttr_dora_median": Entry("Recovery time, median", f"Half took no longer, {_RECOVERY}.", TIME),
    "ttr_dora_mean": Entry("Recovery time, mean", f"Average time {_RECOVERY}.", TIME),
    "ttr_dora_p90": Entry(
        "Recovery time, 90th percentile", f"Nine in ten took no longer, {_RECOVERY}.", TIME
    ),
    "escalation_rate": Entry(
        "Escalation rate",
        "Incidents escalated at least once, by a time-out, a person or automation, of all "
        "incidents.",
        SHARE,
    ),
    "missed_page_rate": Entry(
        "Missed-page rate",
        "Incidents that escalated by time-out before anybody acknowledged them, of all incidents. "
        "Those never acknowledged are included.",
        SHARE,
    ),
    "never_acked_rate": Entry(
        "Never acknowledged",
        "Incidents that ended, or are still open, without an acknowledgement by a person, of all "
        "incidents. Resolved by a person means that somebody saw it.",
        SHARE,
    ),
    "ack_by_level": Entry("Acknowledged by level", _LEVEL, RATE),
    "ack_by_level_rate": Entry("Share acknowledged by level", _LEVEL, SHARE),
    "never_acked": Entry(
        "Never acknowledged, by outcome", "How incidents ended that nobody acknowledged.", RATE
    ),
    "open_by_status": Entry(
        "Open incidents by status", "Incidents not resolved when assessed, by status.", RATE
    ),
    "schedule_covered_h": Entry(
        "Covered", "Hours of the window in which somebody was on call on the schedule.", EXACT
    ),
    "schedule_gap_h": Entry(
        "Uncovered", "Hours of the window in which nobody was on call on the schedule.", EXACT
    ),
    "schedule_gap_count": Entry(
        "Gaps", "Separate stretches of the window in which nobody was on call.", EXACT
    ),
    "window_h": Entry("Assessed window", "Length of the window in hours.", EXACT),
    "schedules_with_gap_count": Entry(
        "Schedules with gaps",
        "Schedules on which nobody was on call for some part of the window, of all "
        "schedules. A gap may be meant, as outside business hours.",
        EXACT,
    ),
    "negative_duration_count": Entry(
        "Contradictory times",
        "Incidents acknowledged or resolved before they were created, by PagerDuty's own times. "
        "They are counted and left out of that duration.",
        EXACT,
    ),
    "unknown_log_entry_type_count": Entry(
        "Log entries of unknown type",
        "Kinds of log entry this method does not know. They are counted and left out.",
        EXACT,
    ),
}


def entry(measure: str) -> Entry:
    """The entry of ``measure``; without one it is named by its JSON name.

    The high-urgency split of a measure has the definition of the whole.
    """
    name = measure.removesuffix("_s").removeprefix(HIGH_URGENCY)
    known = GLOSSARY.get(name) or GLOSSARY.get(name.replace("ttr_", "ttr_all_"))
    if known is None:
        return Entry(measure.replace("_", " ").capitalize(), "", EXACT)
    if measure.startswith(HIGH_URGENCY):
        return replace(known, label=f"{known.label}, high urgency")
    return known
