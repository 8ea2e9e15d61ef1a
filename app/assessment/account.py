"""One account in one window: each part that figures rest on, made once and when first needed."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any

from app.assessment.cases.case import Case, cases_of
from app.assessment.cases.columns import Columns
from app.assessment.cases.effort import Effort, Engaged
from app.assessment.cases.levels import Levels
from app.assessment.cases.logs import Logs
from app.assessment.cases.roster import Roster
from app.assessment.cases.timeline import created_in_window
from app.assessment.changes import Changes
from app.assessment.duty.ahead import Ahead
from app.assessment.duty.coverage import Coverage
from app.assessment.duty.crews import Crews
from app.assessment.duty.duty import Duty
from app.assessment.duty.first_level import FirstLevel
from app.assessment.duty.handoffs import Handoffs
from app.assessment.duty.rota import Rota
from app.assessment.duty.zones import Zones
from app.assessment.hours import LocalClock, Week
from app.assessment.interruptions.merged import Interruptions
from app.assessment.options import AssessmentOptions
from app.assessment.rows import Facts
from app.assessment.structure.criticality import Criticality
from app.assessment.structure.graph import Graph
from app.assessment.structure.policies import Policies


class Account:
    """Facts, options, and what follows from both."""

    def __init__(self, facts: Facts, options: AssessmentOptions) -> None:
        self.facts = facts
        self.options = options
        self.scopes: dict[str, Sequence[Any]] = {}

    @cached_property
    def levels(self) -> Levels:
        """The levels of every policy as they stand today."""
        schedules = [each.id for each in self.facts.schedules]
        return Levels(self.facts.escalation_rules, Roster(schedules, self.facts.schedule_entries))

    @cached_property
    def logs(self) -> Logs:
        """The logs of population W."""
        inside = created_in_window(self.facts.incidents, self.options)
        return Logs(inside, self.facts.log_entries, self.options.as_of)

    @cached_property
    def cases(self) -> list[Case]:
        """Population W by creation and id."""
        return cases_of(self.logs, self.facts, self.levels, self.clock, self.options)

    @cached_property
    def columns(self) -> Columns:
        """Readings of population W side by side."""
        return Columns(self.cases)

    @cached_property
    def effort(self) -> Effort:
        """How long who worked on which incidents of population W."""
        return Effort(self.cases)

    @cached_property
    def engaged(self) -> Engaged:
        """Who took part in which incidents of population W."""
        return Engaged(self.cases)

    def created_between(self, since: int, until: int) -> list[Case]:
        """Cases created in ``[since, until)``."""
        low = bisect_left(self.cases, since, key=_created)
        return self.cases[low : bisect_left(self.cases, until, key=_created)]

    @cached_property
    def zones(self) -> Zones:
        """Local time of people, of schedules and of the account."""
        return Zones(self.facts, self.options)

    @cached_property
    def clock(self) -> LocalClock:
        """Local time of the account."""
        return self.zones.clock(self.options.time_zone)

    @cached_property
    def weeks(self) -> list[Week]:
        """Whole ISO weeks of the window, in the account's zone."""
        return self.clock.weeks(self.options.since, self.options.until)

    @cached_property
    def duty(self) -> Duty:
        """Who was on call when."""
        return Duty(self.rota, self.options.since, self.options.until)

    @cached_property
    def rota(self) -> Rota:
        """Shifts as they were rendered, and the levels that need them."""
        return Rota(self.facts)

    @cached_property
    def coverage(self) -> Coverage:
        """When the levels of policies reach anybody."""
        return Coverage(self.duty, self.zones)

    @cached_property
    def crews(self) -> Crews:
        """The people of any schedules with their hours in the window."""
        return Crews(self.duty, self.zones)

    @cached_property
    def ahead(self) -> Ahead:
        """Duty of the 14 days after the snapshot."""
        return Ahead(self.rota, self.zones, self.options)

    @cached_property
    def handoffs(self) -> Handoffs:
        """Changes of person on call in the window."""
        return Handoffs(self.rota, self.options.since, self.options.until)

    @cached_property
    def first_level(self) -> FirstLevel:
        """Incidents that began on level 1, and the hours level 1 was covered."""
        return FirstLevel(self.columns, self.coverage)

    @cached_property
    def interruptions(self) -> Interruptions:
        """When whom the incidents of the window interrupted."""
        return Interruptions(self.cases, self.logs, self.zones, self.options)

    @cached_property
    def changes(self) -> Changes:
        """Changes of the window and the incidents blamed on them."""
        return Changes(self.facts.change_events, self.columns, self.options)

    @cached_property
    def policies(self) -> Policies:
        """Escalation policies as they are set up today."""
        return Policies(self.facts, self.coverage)

    @cached_property
    def graph(self) -> Graph:
        """Dependencies between services."""
        return Graph(self.facts)

    @cached_property
    def criticality(self) -> Criticality:
        """Which services matter most."""
        return Criticality(self.facts, self.graph, self.cases)


_created: Callable[[Case], int] = attrgetter("incident.created_at")
