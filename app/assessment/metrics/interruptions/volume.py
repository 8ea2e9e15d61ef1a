"""How often people are notified and interrupted."""

from collections.abc import Iterable, Iterator

import numpy as np

from app.assessment.account import Account
from app.assessment.cases.notified import ALL_CHANNELS, UNKNOWN
from app.assessment.figures import Value, count, spread, tally
from app.assessment.metric import Measure, metric
from app.assessment.needs import LIFECYCLE, MERGE_OPTIONS
from app.assessment.scopes import Scope


@metric(
    "INT-01",
    "Notifications",
    Measure("notifications_total", "Notifications", "count"),
    Measure("notifications_by_channel", "Notifications by channel", "count"),
    Measure("interruptions_proxy", "First acknowledgements used instead", "count"),
    levels="ATV",
    sample="rate",
    chart="stacked bar",
    source="PagerDuty counts them too (total_notifications)",
    needs=LIFECYCLE,
)
def notifications(account: Account, scope: Scope) -> Iterator[Value]:
    """Notifications sent inside the window for incidents created in it, by channel: push, sms,
    phone, email, and unknown where PagerDuty names none. A notification counts when it is sent;
    whether it arrived is not known. Where the client withholds the channels, the counts by channel
    are not known and the first human acknowledgement of each incident stands in for an
    interruption: their number is shown, 0 where none was needed."""
    found = account.interruptions.notified
    sent = found.channels[scope.window_places].sum(axis=0).tolist()
    channels = dict(zip(ALL_CHANNELS, sent, strict=True))
    total = sum(sent)
    if found.proxy:
        yield Value("notifications_total", total or None, total)
        yield count("notifications_by_channel", channels[UNKNOWN], total, UNKNOWN)
    else:
        yield tally("notifications_total", total)
        for channel, number in channels.items():
            yield count("notifications_by_channel", number, total, channel)
    acks = 0
    if found.proxy:
        acks = int(np.isin(scope.window_places, found.pages.incident).sum())
    yield count("interruptions_proxy", acks, len(scope.window_places))


@metric(
    "INT-02",
    "Interruptions",
    Measure("interruptions_total", "Interruptions", "count", additive=True, table="calls"),
    levels="ATEW",
    sample="rate",
    privacy="P1",
    chart="weekly bars",
    source=(
        "PagerDuty, Responder Insights: push, text or call; those of one minute count once. "
        "From which one PagerDuty measures is not stated; from the first is our judgment"
    ),
    needs=LIFECYCLE,
    options=MERGE_OPTIONS,
)
def interruptions(account: Account, scope: Scope) -> Iterable[Value]:
    """Pushes, texts and calls, person by person over all incidents: what follows within the
    merge time (60 s) of the start of an interruption belongs to it. Mails never count, two
    people never merge. A week counts the interruptions of the account that began in it, so that
    weeks add up."""
    found = account.interruptions.of(scope)
    return (tally("interruptions_total", found.total)._replace(people=found.people),)


@metric(
    "INT-05",
    "Interruptions per incident",
    Measure("interruptions_per_incident_mean", "Mean", "per incident", "mean"),
    Measure("interruptions_per_incident_median", "Median", "per incident", "median"),
    Measure("interruptions_per_incident_p90", "90th percentile", "per incident", "p90"),
    levels="ATV",
    sample="dur",
    chart="histogram",
    source="our judgment: above 3, rules are staggered or nobody acknowledges",
    needs=LIFECYCLE,
    options=MERGE_OPTIONS,
)
def interruptions_per_incident(account: Account, scope: Scope) -> Iterable[Value]:
    """Interruptions by incidents that caused at least one, each incident counted for itself:
    one person interrupted at once by two incidents counts for both. The mean is interruptions
    over such incidents."""
    amounts = account.interruptions.per_incident[scope.window_places]
    some = amounts[amounts > 0]
    return spread("interruptions_per_incident", some, ("mean", "median", "p90"))
