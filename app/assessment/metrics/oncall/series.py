"""Charts of duty: cover by week, gaps by hour, spread over people, what comes next."""

from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np

from app.assessment.account import Account
from app.assessment.duty.duty import HOUR_US
from app.assessment.hours import DAY_US
from app.assessment.scopes import scopes_of
from app.assessment.series import Drawn, Point, series
from app.assessment.spans import Spans, clip, overlap, total
from app.assessment.statistics import lorenz

HOURS = tuple(hour * 3_600 for hour in range(24))
STEP = 0.05
"""Shares of people's time are published in steps of 5 % (PRIV-5)."""


@series(
    "weekly_coverage",
    "ONC-09",
    "Covered share of expected hours, by week",
    kind="line",
    x="start_us",
    y="l1_share",
    y_title="Level 1",
    unit="share",
)
def weekly_coverage(account: Account) -> Drawn:
    """Level 1 and all levels, over the policies with services whose schedules are known."""
    coverage = account.coverage
    policies = [
        policy
        for policy in sorted(coverage.in_use)
        if None
        not in (
            coverage.expected(policy),
            coverage.first_uncovered(policy),
            coverage.uncovered(policy),
        )
    ]
    points: list[Point] = []
    for week in account.weeks:
        expected = first = anybody = 0
        for policy in policies:
            expected += total(clip(coverage.expected(policy) or (), week.start, week.end))
            first += total(clip(coverage.first_uncovered(policy) or (), week.start, week.end))
            anybody += total(clip(coverage.uncovered(policy) or (), week.start, week.end))
        points.append(
            {
                "start_us": week.start,
                "l1_share": 1 - first / expected if expected else None,
                "any_share": 1 - anybody / expected if expected else None,
            }
        )
    return Drawn(points)


@series(
    "level1_gap_hours",
    "ONC-09",
    "Hours without level 1, by hour of the week",
    kind="bars",
    x="cell",
    y="hours",
    y_title="Hours",
    unit="h",
)
def level1_gap_hours(account: Account) -> Drawn:
    """Added up over the policies with services, in the account's zone; every hour of the week."""
    options, clock = account.options, account.clock
    edges = clock.edges(options.since, options.until, HOURS)
    left = np.zeros(len(edges) - 1)
    for policy in sorted(account.coverage.in_use):
        left += _inside(account.coverage.first_uncovered(policy) or [], edges)
    found: defaultdict[str, float] = defaultdict(float)
    for (start, _), amount in zip(pairwise(edges), left, strict=True):
        if amount:
            found[clock.cell(start)] += float(amount) / HOUR_US
    cells = (f"{day}-{hour:02}" for day in range(1, 8) for hour in range(24))
    return Drawn([{"cell": cell, "hours": found.get(cell, 0.0)} for cell in cells])


def _inside(spans: Spans, edges: list[int]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Microseconds of ``spans`` between each two of ``edges``."""
    if not spans:
        return np.zeros(len(edges) - 1)
    at = np.array(spans, dtype=np.float64)
    reached = np.concatenate(([0.0], np.cumsum(at[:, 1] - at[:, 0])))
    steps = np.stack((reached[:-1], reached[1:]), axis=1)
    return np.diff(np.interp(np.array(edges, dtype=np.float64), at.ravel(), steps.ravel()))


@series(
    "duty_lorenz",
    "ONC-03",
    "On-call hours of the people with the fewest",
    kind="line",
    x="people_share",
    y="hours_share",
    privacy="P1",
    y_title="Share of hours",
    unit="share",
    title_rule="less loaded half",
)
def duty_lorenz(account: Account) -> Drawn:
    """Lorenz curve over the roster, read at every tenth of the people."""
    (scope,) = scopes_of(account, "account")
    hours = account.crews.of(scope.schedules).hours
    curve = lorenz(list(hours.values()))
    if not curve:
        return Drawn([], len(hours))
    tenths = np.linspace(0, 1, 11)
    shares = np.interp(tenths, [x for x, _ in curve], [y for _, y in curve])
    return Drawn(
        [
            {"people_share": float(x), "hours_share": float(y)}
            for x, y in zip(tenths, shares, strict=True)
        ],
        len(hours),
    )


@series(
    "duty_shares",
    "ONC-02",
    "People by their share of time on call",
    kind="bars",
    x="from_share",
    y="people_share",
    privacy="P1",
    y_title="Share of people",
    unit="share",
)
def duty_shares(account: Account) -> Drawn:
    """Share of the roster in each 5 % of time on call, from the one named on."""
    (scope,) = scopes_of(account, "account")
    hours = account.crews.of(scope.schedules).hours
    window_h = scope.length_us / HOUR_US
    bins = Counter(min(int(each / window_h / STEP + 1e-9), 19) for each in hours.values())
    return Drawn(
        [
            {"from_share": round(each * STEP, 2), "people_share": bins[each] / len(hours)}
            for each in range(20 if hours else 0)
        ],
        len(hours),
    )


@series(
    "upcoming_days",
    "ONC-13",
    "The next 14 days",
    kind="bars",
    x="day",
    y="uncovered_h",
    y_title="Hours uncovered",
    unit="h",
)
def upcoming_days(account: Account) -> Drawn:
    """Hand-offs and uncovered policy hours of each 24 hours from the snapshot on, 1 the first."""
    ahead = account.ahead
    if not ahead.known:
        return Drawn([])
    (scope,) = scopes_of(account, "account")
    since = ahead.duty.since
    changes = Counter((each.at - since) // DAY_US for each in ahead.handoffs.of(scope.schedules))
    found = [ahead.coverage.uncovered(policy) or [] for policy in sorted(account.coverage.in_use)]
    points: list[Point] = []
    for day in range((ahead.duty.until - since) // DAY_US):
        bounds = [(since + day * DAY_US, since + (day + 1) * DAY_US)]
        left = sum(total(overlap(spans, bounds)) for spans in found)
        points.append({"day": day + 1, "handoffs": changes[day], "uncovered_h": left / HOUR_US})
    return Drawn(points)
