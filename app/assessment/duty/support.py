"""When somebody is expected to be on call: whenever a service behind a policy can page."""

from collections.abc import Sequence
from itertools import pairwise

from app.assessment.duty.zones import Zones
from app.assessment.hours import LocalClock
from app.assessment.rows import UNKNOWN_ZONE, Service, SupportHours
from app.assessment.spans import Span, Spans, overlap, union

_LOW = "low"


def is_urgent(service: Service) -> bool:
    """Whether it raises incidents of high urgency: always, at certain hours or by severity."""
    if service.urgency is not None:
        return service.urgency != _LOW
    return not service.urgency_inside == service.urgency_outside == _LOW


def expected_spans(services: Sequence[Service], zones: Zones, whole: Span) -> Spans | None:
    """When any of ``services`` expects somebody; None where a zone of support hours is unknown.

    Without any service the whole time. A disabled one beside others cannot page.
    """
    active = [each for each in services if each.status != "disabled"]
    urgent = [each for each in active or services if is_urgent(each)]
    if not services or any(map(_always, urgent)):
        return [whole]
    every = {each.support_hours for each in urgent} - {None}
    if any(each.time_zone == UNKNOWN_ZONE for each in every if each):
        return None
    found = [span for each in every if each for span in _spans(each, zones, whole)]
    return overlap([whole], union(found))


def support_spans(hours: SupportHours, clock: LocalClock, since: int, until: int) -> Spans:
    """Support hours inside ``[since, until)``, by the wall clock of their zone."""
    edges = clock.edges(since, until, (0, hours.start_s, hours.end_s))
    return union(
        (start, end)
        for start, end in pairwise(edges)
        if _supported(hours, *clock.weekday_and_second(start))
    )


def _spans(hours: SupportHours, zones: Zones, whole: Span) -> Spans:
    clock = zones.clock(hours.time_zone or zones.account)
    return support_spans(hours, clock, *whole)


def _always(urgent: Service) -> bool:
    """An urgent service outside support hours is expected to reach somebody in them too."""
    if urgent.support_hours is None or urgent.urgency is not None:
        return True
    return urgent.urgency_outside not in (None, _LOW)


def _supported(hours: SupportHours, weekday: int, second: int) -> bool:
    if hours.start_s < hours.end_s:
        return weekday in hours.days and hours.start_s <= second < hours.end_s
    before = (weekday - 2) % 7 + 1
    late = weekday in hours.days and second >= hours.start_s
    return late or (before in hours.days and second < hours.end_s)
