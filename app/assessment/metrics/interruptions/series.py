"""Charts of interruptions over the whole account."""

from collections import Counter

from app.assessment.account import Account
from app.assessment.hours import BANDS, HOURS_OF_WEEK, Band
from app.assessment.metrics.interruptions.hours import incidents_by_hour
from app.assessment.scopes import Scope, scopes_of
from app.assessment.series import Drawn, Point, series

SENSITIVE_MINIMUM = 10
"""People behind a figure about nights (PRIV-1)."""
_STEPS = (0, 1, 2, 3, 5, 7, 10, 14, 19, 30, 60)
_COARSE = 20
"""Shares of people are published in twentieths (PRIV-5)."""


@series(
    "weekly_interruptions",
    "INT-03",
    "Interruptions per week and band",
    kind="bars",
    x="week",
    y="count",
    privacy="P1",
    sensitive=True,
    follows="interruptions_total",
    y_title="Interruptions",
)
def weekly_interruptions(account: Account) -> Drawn:
    """Interruptions that began in each whole ISO week, by band: ``{"week", "band", "count"}``.

    People are those behind the thinnest bar: bars add up to figures that are published, so one
    hidden alone could be computed by subtraction.
    """
    points: list[Point] = []
    bars: list[dict[bytes, int]] = []
    (whole,) = scopes_of(account, "account")
    left = {band: Counter(_in_band(account, whole, band)) for band in BANDS}
    for scope in scopes_of(account, "week"):
        for band in BANDS:
            bars.append(_in_band(account, scope, band))
            left[band].subtract(bars[-1])
            points.append({"week": scope.id, "band": band, "count": sum(bars[-1].values())})
    thinnest = min((len(bar) for bar in bars if bar), default=0)
    return Drawn(points, thinnest, [*bars, *left.values()])


def _in_band(account: Account, scope: Scope, band: Band) -> dict[bytes, int]:
    return account.interruptions.of(scope).in_band(band)


@series(
    "incident_hours",
    "INT-09",
    "Incidents by hour of the week",
    kind="bars",
    x="cell",
    y="count",
    y_title="Incidents",
)
def incident_hours(account: Account) -> Drawn:
    """Incidents by weekday and hour of the account's clock: ``{"cell", "count"}``, all 168."""
    counts = incidents_by_hour(account, scopes_of(account, "account")[0])
    return Drawn([{"cell": cell, "count": counts[cell]} for cell in HOURS_OF_WEEK])


@series(
    "disturbed_nights",
    "INT-06",
    "People with at least so many disturbed nights",
    kind="step",
    x="nights",
    y="share",
    privacy="P1",
    sensitive=True,
    y_title="Share of people",
    unit="share",
)
def disturbed_nights_of_people(account: Account) -> Drawn:
    """Share of people with at least so many disturbed nights: ``{"nights", "share"}``.

    Over everybody with a shift or an interruption. Without points where they are fewer than ten.
    """
    scope = scopes_of(account, "account")[0]
    disturbed = account.interruptions.of(scope).nights
    people = set(account.duty.person_spans(scope.schedules)) | set(disturbed)
    if len(people) < SENSITIVE_MINIMUM:
        return Drawn((), len(people))
    nights = [len(disturbed.get(person, ())) for person in people]
    return Drawn([_at_least(step, nights) for step in _STEPS], len(people))


def _at_least(step: int, nights: list[int]) -> Point:
    share = sum(number >= step for number in nights) / len(nights)
    return {"nights": step, "share": round(share * _COARSE) / _COARSE}
