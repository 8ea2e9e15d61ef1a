"""The options of an assessment in words, as they were set."""

from collections.abc import Callable, Mapping
from typing import Any

from app.assessment.metric import Metric
from app.reports.wording import words

Options = Mapping[str, Any]
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def clock(second: int) -> str:
    """Seconds of the local day: 79200 is ``22:00``."""
    return f"{second // 3600:02}:{second % 3600 // 60:02}"


def bands(options: Options) -> str:
    """The bands of the day in one line."""
    found = options["bands"]
    days = found["business_days"]
    start, end = (clock(found[f"business_{each}_s"]) for each in ("start", "end"))
    asleep, awake = (clock(found[f"sleep_{each}_s"]) for each in ("start", "end"))
    named = ", ".join(DAYS[day - 1] for day in days) or "no day"
    return f"business {start} to {end} on {named}; sleep {asleep} to {awake}"


def _duration(name: str) -> Callable[[Options], str]:
    return lambda options: words.duration(options[name])


def _number(name: str) -> Callable[[Options], str]:
    return lambda options: str(options[name])


def _urgencies(options: Options) -> str:
    return ", ".join(options["excluded_urgencies"]) or "none"


def _blamed(options: Options) -> str:
    return "no" if options["exclude_transient"] else "yes"


OPTION_TEXTS: Mapping[str, tuple[str, Callable[[Options], str]]] = {
    "excluded_urgencies": ("Excluded urgencies", _urgencies),
    "ack_target_s": ("Target", _duration("ack_target_s")),
    "transient_s": ("Transient below", _duration("transient_s")),
    "bands": ("Bands", bands),
    "minimum_group": ("Minimum group", _number("minimum_group")),
    "stale_s": ("Stale after", _duration("stale_s")),
    "rmst_tau_s": ("Horizon", _duration("rmst_tau_s")),
    "interruption_merge_s": ("Notifications merged within", _duration("interruption_merge_s")),
    "min_rest_s": ("Daily rest", _duration("min_rest_s")),
    "pair_tolerance_s": ("Log entries paired within", _duration("pair_tolerance_s")),
    "flap_gap_s": ("Flapping: next within", _duration("flap_gap_s")),
    "flap_min_incidents": ("Flapping: at least", _number("flap_min_incidents")),
    "storm_window_s": ("Storm window", _duration("storm_window_s")),
    "storm_threshold": ("Storm from", _number("storm_threshold")),
    "co_incident_s": ("Together within", _duration("co_incident_s")),
    "attribution_window_s": ("Blamed on a change within", _duration("attribution_window_s")),
    "change_dedupe_s": ("Changes merged within", _duration("change_dedupe_s")),
    "exclude_transient": ("Transient incidents count against a change", _blamed),
    "short_timeout_min": ("Short below (min)", _number("short_timeout_min")),
    "long_timeout_min": ("Long above (min)", _number("long_timeout_min")),
    "seed": ("Seed", _number("seed")),
}


def options_in_words(metric: Metric, options: Options, *, over_people: bool) -> str:
    """``Excluded urgencies: low. Target: 5 min.``; empty where no option touches a metric."""
    names = (*metric.options, "minimum_group") if over_people else metric.options
    texts = [f"{OPTION_TEXTS[name][0]}: {OPTION_TEXTS[name][1](options)}" for name in names]
    return ". ".join([*texts, *scope(options)]) + ("." if texts or scope(options) else "")


def scope(options: Options) -> list[str]:
    """``Only 3 services``: what is left out touches everything."""
    names = {"teams": "team", "services": "service", "change_integrations": "change integration"}
    return [
        f"Only {len(options[name])} {one}{'s' if len(options[name]) > 1 else ''}"
        for name, one in names.items()
        if options[name]
    ]
