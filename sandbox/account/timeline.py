"""One incident from trigger to end: pages, silence, escalation, work, resolution.

What is drawn here decides what an assessment of the account finds: people answer three pages
in four, at night less; a page nobody answers goes up a level; about one incident in sixteen
is still open.
"""

from random import Random

from sandbox import instants
from sandbox.account.bursts import Arrival
from sandbox.account.model import Incident, LogEntry, Organisation
from sandbox.account.outcome import outcome
from sandbox.account.roster import Roster

SERVICE = -1
UNKNOWN_CHANNEL = "walkie_talkie"
_BY_HAND = ("mobile", "website", "sms")
STAYS_OPEN = 0.065
_NIGHT = (21, 5)


class Timeline:
    """Call `write` once; `entries` and the returned row end at `as_of`."""

    def __init__(
        self, number: int, organisation: Organisation, roster: Roster, rng: Random, as_of: int
    ) -> None:
        self.number = number
        self.organisation = organisation
        self.roster = roster
        self.rng = rng
        self.as_of = as_of
        self.entries: list[LogEntry] = []
        self.assigned: tuple[int, ...] = ()
        self.merged = self.high = False
        self.policy = 0

    def write(self, arrival: Arrival) -> Incident:
        created, service, clears = arrival
        made = self.organisation.services[service]
        self.policy = made.policy
        self.high = self.rng.random() < (0.1 if made.urgency == "low" else 0.85)
        channel = self.rng.choice(("api", "api", "api", "email", "nagios", "web_trigger"))
        self._log(created, "trigger", SERVICE, channel)
        first = self.roster.next_level(made.policy, 0, created) or 0
        self._assign(created, first, "auto")
        if clears is None:
            heals = self.rng.random() < 0.22
            cleared = created + self._lognormal(25 * 60, 1.2) if heals else None
            self._respond(created, first, cleared)
        else:
            self._log(created + clears, "resolve", SERVICE, "api")
        self.entries = sorted(
            (one for one in self.entries if one.at <= self.as_of), key=lambda one: one.at
        )
        return outcome(self.entries, service, high=self.high, merged=self.merged)

    def _respond(self, at: int, level: int, cleared: int | None) -> None:
        """Escalate until a person acknowledges, the fault clears itself, or the path ends."""
        policy = self.organisation.policies[self.policy]
        rounds = policy.loops
        while True:
            timeout = at + policy.levels[level].delay_minutes * instants.MINUTE
            if self._settled(at, timeout, level, cleared):
                return
            at = timeout
            following = self.roster.next_level(self.policy, level + 1, at)
            if following is not None:
                people = self.roster.on_call(self.policy, following, at)
                self._log(at, "escalate", SERVICE, "timeout", people)
            else:
                following = self.roster.next_level(self.policy, 0, at)
                if rounds == 0 or following is None:
                    self._exhaust(at, level)
                    return
                rounds -= 1
                self._log(at, "repeat_escalation_path", SERVICE, "timeout")
            level = following
            self._assign(at, level, "timeout")

    def _settled(self, at: int, timeout: int, level: int, cleared: int | None) -> bool:
        """Whether the incident needs no further level; a low-urgency one never escalates."""
        answered = at + self._lognormal(130 if self.high else 1500, 1.0)
        acks = self.rng.random() < self._willingness(at) and not (self.high and answered >= timeout)
        if cleared is not None and cleared < (answered if acks else timeout):
            self._log(max(cleared, at), "resolve", SERVICE, "api")
        elif acks:
            self._acknowledge(answered, level)
        elif not self.high:
            self._log(at + self._lognormal(4 * 3600, 0.6), "resolve", SERVICE, "timeout")
        else:
            return False
        return True

    def _exhaust(self, at: int, level: int) -> None:
        self._log(at, "exhaust_escalation_path", SERVICE, "timeout")
        late = at + self._lognormal(5400, 0.8)
        if self.rng.random() < 0.7:
            self._acknowledge(late, level)
        else:
            self._log(late + self._lognormal(3600, 0.5), "resolve", SERVICE, "timeout")

    def _acknowledge(self, at: int, level: int) -> None:
        person = self.rng.choice(self.assigned) if self.assigned else 0
        channel = UNKNOWN_CHANNEL if self.rng.random() < 0.01 else self.rng.choice(_BY_HAND)
        self._log(at, "acknowledge", person, channel)
        twist = self.rng.random()
        if twist < 0.06:
            person, at = self._hand_over(at, person)
        elif twist < 0.11:
            person, at = self._escalate_by_hand(at, person, level)
        elif twist < 0.15:
            at = self._forget(at, person)
        elif twist < 0.18:
            at += instants.MINUTE
            self._log(at, "snooze", person, "website", seconds=14_400)
        elif twist < 0.26:
            self._log(at + self._lognormal(600, 0.7), "annotate", person, "note")
        elif twist < 0.28:
            person, at = self._delegate(at, person)
        elif twist < 0.30:
            self._log(at + self._lognormal(300, 0.5), self._unusual(), person, "website")
        if self.rng.random() > STAYS_OPEN:
            self._resolve(at + self._lognormal(2400, 1.1), person)

    def _unusual(self) -> str:
        """Types outside PagerDuty's documented enumeration, and rarer ones within it."""
        return self.rng.choice(
            (
                "urgency_change",
                "field_value_change",
                "priority_change",
                "responder_request",
                "status_update",
            )
        )

    def _resolve(self, at: int, person: int) -> None:
        fate = self.rng.random()
        if fate < 0.04 and self.number > 0:
            self.merged = True
            self._log(at, "resolve", person, "website")
        elif fate < 0.3:
            self._log(at, "resolve", SERVICE, "api")
        else:
            self._log(at, "resolve", person, self.rng.choice(("website", "mobile")))
            if self.rng.random() < 0.008:
                self._log(at + 5 * instants.MINUTE, "reopen", person, "website")
                self._log(at + 30 * instants.MINUTE, "resolve", person, "website")

    def _hand_over(self, at: int, person: int) -> tuple[int, int]:
        """Reassigned to one person by hand, who acknowledges in turn."""
        team = self.organisation.policies[self.policy].team
        crew = [n for n, one in enumerate(self.organisation.people) if one.team == team]
        other = self.rng.choice(crew)
        moved = at + self._lognormal(400, 0.6)
        self.assigned = (other,)
        self._log(moved, "assign", person, "website", self.assigned)
        self._notify(moved)
        return other, self._acknowledge_again(moved, other)

    def _delegate(self, at: int, person: int) -> tuple[int, int]:
        """Moved to another policy, whose people take over."""
        moved = at + self._lognormal(500, 0.6)
        other = self.rng.randrange(len(self.organisation.policies))
        level = self.roster.next_level(other, 0, moved)
        if level is None:
            return person, at
        self.assigned = self.roster.on_call(other, level, moved)
        self._log(moved, "delegate", person, "website", self.assigned)
        self._notify(moved)
        return self.assigned[0], self._acknowledge_again(moved, self.assigned[0])

    def _escalate_by_hand(self, at: int, person: int, level: int) -> tuple[int, int]:
        moved = at + self._lognormal(500, 0.6)
        following = self.roster.next_level(self.policy, level + 1, moved)
        if following is None:
            return person, at
        people = self.roster.on_call(self.policy, following, moved)
        self._log(moved, "escalate", person, "website", people)
        self._assign(moved, following, "website")
        return people[0], self._acknowledge_again(moved, people[0])

    def _forget(self, at: int, person: int) -> int:
        """The acknowledgement times out: triggered again, paged again, acknowledged again."""
        timed_out = at + 1800 * instants.SECOND
        self._log(timed_out, "unacknowledge", SERVICE, "timeout")
        self._notify(timed_out)
        return self._acknowledge_again(timed_out, person)

    def _acknowledge_again(self, at: int, person: int) -> int:
        answered = at + self._lognormal(150, 0.8)
        self._log(answered, "acknowledge", person, "mobile")
        return answered

    def _assign(self, at: int, level: int, channel: str) -> None:
        self.assigned = self.roster.on_call(self.policy, level, at)
        agent = SERVICE if channel != "website" else self.entries[-1].agent
        self._log(at, "assign", agent, channel, self.assigned)
        self._notify(at)

    def _notify(self, at: int) -> None:
        for person in self.assigned:
            self._log(at + 2 * instants.SECOND, "notify", SERVICE, "auto", (person,))

    def _willingness(self, at: int) -> float:
        hour = instants.to_datetime(at).hour
        return 0.66 if hour >= _NIGHT[0] or hour < _NIGHT[1] else 0.82

    def _lognormal(self, median_seconds: float, spread: float) -> int:
        """Microseconds, at least five seconds; one in twelve with a fraction."""
        seconds = max(5, int(median_seconds * self.rng.lognormvariate(0, spread)))
        fraction = self.rng.randrange(instants.SECOND) if self.rng.random() < 1 / 12 else 0
        return seconds * instants.SECOND + fraction

    def _log(
        self,
        at: int,
        kind: str,
        agent: int,
        channel: str,
        people: tuple[int, ...] = (),
        *,
        seconds: int = 0,
    ) -> None:
        self.entries.append(
            LogEntry(
                at=at,
                type=f"{kind}_log_entry",
                incident=self.number,
                agent=agent,
                channel=channel,
                people=people,
                seconds=seconds,
            )
        )
