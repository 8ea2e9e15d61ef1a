"""The charts of the assessment, drawn alike on screen and on paper: one question each."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.assessment.display import PROPORTION_MIN
from app.reports import words
from app.reports.drawing import Chart, axis, bars, frame, reference
from app.reports.figures import account_figures, by_key, lacking_in
from app.reports.schedules import ScheduleRow

LEVEL_WORDS: Mapping[str, str] = {
    "direct": "Direct",
    "auto_resolved": "Resolved itself",
    "user_resolved": "Resolved by a person",
    "open": "Still open",
}
MOST_BARS = 20
TOTAL = "total"
CURVE_TICKS = [10, 60, 300, 1_800, 7_200, 86_400, 604_800]
"""Seconds that have a short name, in place of powers of ten."""


def _answered(document: Mapping[str, Any]) -> str:
    """The answer of the curve, which is drawn over all incidents: so is its title."""
    figures = account_figures(document, ("acked_within_target_rate", "ack_rate"))
    within = figures["acked_within_target_rate"].value
    if within.endswith("%"):
        return f"{within} of incidents are acknowledged within 5 min"
    rate = figures["ack_rate"].value
    return f"{rate}{' of' if rate.endswith('%') else ''} incidents are acknowledged"


def acknowledgement_curve(document: Mapping[str, Any]) -> Chart | None:
    """Share of all incidents that a person acknowledged within a time."""
    points = document["series"].get("ack_curve") or []
    if not points or not points[-1]["share"]:
        return None
    pairs = [[point["seconds"], point["share"]] for point in points]
    reached = words.percent(pairs[-1][1])
    ticks = axis(
        "log",
        "Time since creation (log scale)",
        "duration",
        min=pairs[0][0],
        max=pairs[-1][0],
        splitLine={"show": False},
    )
    ticks["axisLabel"] |= {
        "customValues": CURVE_TICKS,
        "alignMaxLabel": "right",
        "hideOverlap": True,
    }
    line = {
        "type": "line",
        "name": "Acknowledged",
        "data": pairs,
        "symbol": "none",
        "lineStyle": {"color": "@c1", "width": 2},
        "areaStyle": {"color": "@c1", "opacity": 0.1},
        "markLine": reference(300, "PagerDuty's guide: 5 min"),
    }
    shares = axis("value", "Share of incidents", "percent", min=0, max=1)
    return Chart(
        key="acknowledgement-curve",
        title=_answered(document),
        text=f"Curve of the share of incidents acknowledged by time since creation. It ends at "
        f"{reached} after {words.duration(pairs[-1][0])}.",
        option=frame(ticks, shares, [line], "share_within"),
        columns=("Within", "Acknowledged"),
        rows=[(words.duration(each[0]), words.percent(each[1])) for each in pairs],
        lacking=lacking_in(document, "ack_rate"),
    )


def _busiest(starts: list[str], counts: list[int]) -> str:
    most = max(counts)
    weeks = counts.count(most)
    if weeks > 1:
        return f"At most {words.number(most)} incidents a week, in {weeks} weeks"
    return f"{words.number(most)} incidents in the busiest week, from {starts[counts.index(most)]}"


def weekly_incidents(document: Mapping[str, Any]) -> Chart | None:
    """Incidents per ISO week; a week the window cuts is drawn paler."""
    weeks = document["series"].get("weekly_incidents") or []
    if not any(week["count"] for week in weeks):
        return None
    starts = [words.day(week["start_us"]) for week in weeks]
    counts = [week["count"] for week in weeks]
    drawn = [
        {"value": week["count"], "itemStyle": {"opacity": 1 if week["complete"] else 0.5}}
        for week in weeks
    ]
    busiest = _busiest(starts, counts)
    years = {start[-4:] for start in starts}
    labels = [words.short_day(week["start_us"], with_year=len(years) > 1) for week in weeks]
    return Chart(
        key="weekly-incidents",
        title=busiest,
        text=f"Bars of incidents per week over {len(weeks)} weeks: {busiest}.",
        option=frame(
            axis(
                "category",
                "Week starting (pale: cut by the window)",
                "text",
                data=labels,
                splitLine={"show": False},
            ),
            axis("value", "Incidents", "number", min=0, minInterval=1),
            [bars(drawn, name="Incidents")],
            "count_at",
        ),
        columns=("Week starting", "Incidents"),
        rows=[
            (start, words.number(count) + ("" if week["complete"] else " (cut by the window)"))
            for start, count, week in zip(starts, counts, weeks, strict=True)
        ],
        lacking=lacking_in(document, "incident_count"),
    )


def key_words(key: str) -> str:
    """A key of a map measure in words: ``L1`` is ``Level 1``."""
    if key[:1] == "L" and key[1:].isdigit():
        return f"Level {key[1:]}"
    return LEVEL_WORDS.get(key, words.plain_name(key))


def _sideways(
    key: str,
    column: str,
    title: str,
    text: str,
    pairs: list[tuple[str, int]],
    *,
    lacking: tuple[str, ...],
) -> Chart:
    total = sum(count for _, count in pairs)
    names = [name for name, _ in reversed(pairs)]
    label = {"show": True, "position": "right", "color": "@text", "formatter": {"$format": "bar"}}
    return Chart(
        key=key,
        title=title,
        text=text,
        option=frame(
            axis("value", "Incidents", "number", min=0, minInterval=1),
            axis("category", "", "text", data=names, splitLine={"show": False}),
            [bars([count for _, count in reversed(pairs)], label=label)],
            "count_at",
        ),
        columns=(column, "Incidents", "Share"),
        rows=[(name, words.number(count), _share(count, total)) for name, count in pairs],
        height="short",
        lacking=lacking,
    )


def _share(count: int, total: int) -> str:
    """A share; of too few, the count itself (C14)."""
    return words.percent(count / total) if total >= PROPORTION_MIN else f"{count} of {total}"


def _counted(document: Mapping[str, Any], measure: str) -> list[tuple[str, int]]:
    rows = by_key(document, measure)
    return [
        (key_words(key), round(row["value"] or 0))
        for key, row in sorted(rows.items())
        if key != TOTAL
    ]


def _level_one(first: int, total: int) -> str:
    of = "of what is acknowledged" if total >= PROPORTION_MIN else "acknowledged incidents"
    return f"Level 1 answers {_share(first, total)} {of}"


def acknowledged_by_level(document: Mapping[str, Any]) -> Chart | None:
    """How many incidents each level of the escalation policies acknowledged first."""
    pairs = _counted(document, "ack_by_level")
    total = sum(count for _, count in pairs)
    if not total:
        return None
    first = dict(pairs).get("Level 1", 0)
    said = ", ".join(f"{name} {_share(count, total)}" for name, count in pairs)
    title = _level_one(first, total)
    lacking = lacking_in(document, "ack_by_level")
    text = f"Bars by level: {said}."
    return _sideways("ack-by-level", "Level", title, text, pairs, lacking=lacking)


def never_acknowledged(document: Mapping[str, Any]) -> Chart | None:
    """How incidents ended that nobody acknowledged."""
    pairs = _counted(document, "never_acked")
    total = sum(count for _, count in pairs)
    if not total:
        return None
    said = ", ".join(f"{name} {words.number(count)}" for name, count in pairs)
    title = f"Nobody acknowledged {words.number(total)} incidents"
    text = f"Bars by outcome: {said}."
    lacking = lacking_in(document, "never_acked")
    return _sideways("never-acknowledged", "Outcome", title, text, pairs, lacking=lacking)


def schedule_coverage(rows: Sequence[ScheduleRow], lacking: tuple[str, ...] = ()) -> Chart | None:
    """Hours without anybody on call, per schedule that has any."""
    gaps = [row for row in rows if row.gap_h]
    if not gaps:
        return None
    worst = f"{gaps[0].label} is uncovered for {words.hours(gaps[0].gap_h)}"
    shown = list(reversed(gaps[:MOST_BARS]))
    label = {"show": True, "position": "right", "color": "@text", "formatter": {"$format": "h"}}
    drawn = bars([row.gap_h for row in shown], label=label)
    names = [row.label for row in shown]
    return Chart(
        key="schedule-gaps",
        title=f"Schedule {worst}",
        text=f"Bars of uncovered hours for the {len(shown)} schedules with the most; {worst}.",
        option=frame(
            axis("value", "Uncovered hours", "number", min=0),
            axis("category", "", "text", data=names, splitLine={"show": False}),
            [drawn],
            "hours_at",
        ),
        columns=("Schedule", "Uncovered", "Gaps"),
        rows=[(row.label, words.hours(row.gap_h), words.number(row.gap_count)) for row in gaps],
        lacking=lacking,
    )
