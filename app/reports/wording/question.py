"""The question of an assessment in words: its window, and the options that differ."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.assessment.options import AssessmentOptions
from app.reports.wording import words
from app.reports.wording.options import OPTION_TEXTS, scope

_DEFAULTS = AssessmentOptions(since=0, until=1, as_of=1).as_json()


def window(since: datetime, until: datetime, time_zone: str) -> str:
    """Whole days as days, first to last; another window to the minute."""
    zone = ZoneInfo(time_zone)
    begin, end = since.astimezone(zone), until.astimezone(zone)
    midnight = datetime.min.time()
    if begin.time() == end.time() == midnight:
        last = end - timedelta(days=1)
        days = [words.day(each.replace(tzinfo=UTC)) for each in (begin, last)]
        return f"{' to '.join(days)} ({time_zone})"
    return words.span(since, until)


def settings_in_words(settings: dict[str, Any]) -> str:
    """``Target: 10 min. Only 3 services.``; empty for the defaults."""
    options = {**_DEFAULTS, **settings}
    texts = [
        f"{OPTION_TEXTS[name][0]}: {OPTION_TEXTS[name][1](options)}"
        for name in settings
        if name in OPTION_TEXTS and options[name] != _DEFAULTS[name]
    ]
    texts += scope(options)
    return ". ".join(texts) + ("." if texts else "")
