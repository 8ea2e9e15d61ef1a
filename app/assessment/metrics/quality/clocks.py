"""Visible acknowledgements, and impossible durations."""

from collections.abc import Iterable

from app.assessment.account import Account
from app.assessment.cases.case import Case
from app.assessment.figures import Value, count, share
from app.assessment.metric import Measure, metric
from app.assessment.metrics.incidents.acknowledgement import acked, tta
from app.assessment.metrics.incidents.recovery import ttr
from app.assessment.needs import LIFECYCLE
from app.assessment.scopes import Scope


def _shows_ack(case: Case) -> bool:
    return bool(case.timeline.shape.acks)


@metric(
    "DQ-03",
    "Visible acknowledgements",
    Measure("ack_visibility", "Acknowledged incidents whose log shows it", "ratio"),
    sample="prop",
    chart="bar",
    needs=LIFECYCLE,
)
def ack_visibility(account: Account, scope: Scope) -> Iterable[Value]:
    """Acknowledged incidents whose first human acknowledgement comes from a log entry, over all
    acknowledged ones. The others are known from the incident alone, which lists no
    acknowledgement any more once it is resolved."""
    columns = account.columns
    found = columns.where(acked, scope.places)
    return (share("ack_visibility", columns.count(_shows_ack, found), len(found)),)


@metric(
    "DQ-04",
    "Impossible durations",
    Measure("negative_duration_count", "Impossible durations", "count"),
    Measure("negative_duration_share", "Share of durations", "ratio", sample="prop"),
    levels="AV",
    sample="rate",
    source="our judgment: above 0.5 % is a warning",
    needs=LIFECYCLE,
)
def clock_anomalies(account: Account, scope: Scope) -> Iterable[Value]:
    """Times to the first human acknowledgement and to the resolve that are below zero, because
    clocks disagree; each is left out of its own metric and counted here, over all that could be
    measured."""
    columns = account.columns
    measured = [columns.amounts(reading, scope.places) for reading in (tta, ttr)]
    impossible = sum(int((each < 0).sum()) for each in measured)
    n = sum(map(len, measured))
    return (
        count("negative_duration_count", impossible, n),
        share("negative_duration_share", impossible, n),
    )
