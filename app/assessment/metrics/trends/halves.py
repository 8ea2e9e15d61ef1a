"""The first half of the window against the second."""

from collections.abc import Iterable, Sequence

import numpy as np

from app.assessment.account import Account
from app.assessment.cases.columns import Numbers, Places
from app.assessment.figures import Value, durations
from app.assessment.metric import Measure, metric
from app.assessment.metrics.incidents.acknowledgement import ack_times, acked
from app.assessment.metrics.noise.resolution import is_transient
from app.assessment.metrics.trends.weeks import places_by_week, recovery_us
from app.assessment.needs import LIFECYCLE
from app.assessment.scopes import Scope
from app.assessment.statistics import cliffs_delta, newcombe, rate_ratio


@metric(
    "TRD-02",
    "First half against second",
    Measure(
        "halves_incident_ratio",
        "Incidents, second half over first",
        "ratio",
        sample="rate",
        ratio="index",
    ),
    Measure("halves_tta_median_s", "Time to acknowledge, median of each half", "s", "median"),
    Measure("halves_tta_delta", "Time to acknowledge, Cliff's delta", "ratio", ratio="index"),
    Measure("halves_ttr_dora_median_s", "Recovery time, median of each half", "s", "median"),
    Measure("halves_ttr_dora_delta", "Recovery time, Cliff's delta", "ratio", ratio="index"),
    Measure(
        "halves_ack_rate_difference",
        "Acknowledged, difference",
        "ratio",
        sample="prop",
        ratio="difference",
    ),
    Measure(
        "halves_transient_difference",
        "Transient, difference",
        "ratio",
        sample="prop",
        ratio="difference",
    ),
    levels="AT",
    sample="dur",
    chart="dumbbell",
    source="Cliff's delta; Newcombe 1998, method 10; exact interval of a rate ratio",
    needs=LIFECYCLE,
    options=("excluded_urgencies", "transient_s"),
)
def halves(account: Account, scope: Scope) -> Iterable[Value]:
    """The two halves of the window, in whole ISO weeks, the second compared with the first.

    Of an odd number of weeks the first is left out. Delta: pairs in which the second half is
    larger, minus those in which it is smaller, over all pairs. Differences are second minus first.
    Two assessments are compared by the same statistics.
    """
    weeks = places_by_week(account, scope)
    half = len(weeks) // 2
    first = _together(weeks[len(weeks) - 2 * half :][:half])
    second = _together(weeks[len(weeks) - half :])
    ratio, interval = rate_ratio(len(first), 1, len(second), 1)
    yield Value("halves_incident_ratio", ratio, len(first) + len(second), interval)
    for name, times in (("halves_tta", ack_times), ("halves_ttr_dora", recovery_us)):
        yield from _durations(name, times(account, first), times(account, second))
    for name, having in (("ack_rate", acked), ("transient", is_transient)):
        hits = account.columns.count(having, first), account.columns.count(having, second)
        yield _difference(f"halves_{name}_difference", hits, (len(first), len(second)))


def _together(weeks: Sequence[Places]) -> Places:
    return np.concatenate(weeks) if weeks else np.zeros(0, dtype=np.int64)


def _durations(name: str, first: Numbers, second: Numbers) -> Iterable[Value]:
    for key, times in (("first", first), ("second", second)):
        (median,) = durations(name, times, ("median",))
        yield median._replace(key=key)
    yield Value(f"{name}_delta", cliffs_delta(first, second), min(len(first), len(second)))


def _difference(name: str, hits: tuple[int, int], of: tuple[int, int]) -> Value:
    (hits1, hits2), (n1, n2) = hits, of
    if not n1 or not n2:
        return Value(name, None, 0)
    return Value(name, hits2 / n2 - hits1 / n1, min(n1, n2), newcombe(hits1, n1, hits2, n2))
