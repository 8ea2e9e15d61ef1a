"""DQ-01 to DQ-12: how far the data can be trusted."""

from dataclasses import replace

import pytest

from app.assessment.figures import Figure
from app.assessment.metrics.quality import METRICS, small_n
from app.assessment.options import AssessmentOptions
from app.assessment.rows import (
    UNKNOWN_ZONE,
    AddedResponder,
    Dependency,
    Facts,
    Gathered,
    Incident,
    LogEntry,
    Responder,
    Schedule,
    SupportHours,
)
from tests.factories.configuration_rows import service
from tests.factories.rows import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    SECOND,
    WEEK,
    entry,
    facts,
    family,
    incident,
    pseudonym,
    rule,
    shift,
)
from tests.unit.assessment.interruptions.notifications import of_teams, page


def found(account: Facts, question: AssessmentOptions | None = None) -> dict[str, Figure]:
    return family(METRICS, account, question)


def values_of(account: Facts, *names: str) -> list[tuple[float | None, int | None]]:
    figures = found(account)
    return [(figures[name].value, figures[name].n) for name in names]


@pytest.mark.parametrize(
    ("life", "kinds", "complete"),
    [
        (incident("a", resolved=HOUR), ("trigger", "resolve"), 1),
        (incident("a", resolved=HOUR), ("trigger", "acknowledge"), 0),
        (incident("a", resolved=HOUR), ("resolve",), 0),
        (incident("a"), ("trigger",), 1),
        (incident("a"), ("trigger", "resolve"), 0),
        (incident("a"), (), 0),
    ],
)
def test_a_log_is_complete_with_a_trigger_and_a_resolve_iff_it_is_resolved(
    life: Incident, kinds: tuple[str, ...], complete: int
) -> None:
    log = [entry("a", kind, MONDAY + n * SECOND) for n, kind in enumerate(kinds)]
    account = facts([life], log)
    service = "service:service/log_completeness"
    assert values_of(account, "log_completeness", service) == [(complete, 1)] * 2


def test_merged_incidents_need_no_complete_log() -> None:
    account = facts([incident("a", resolved=HOUR, merged=True)])
    assert values_of(account, "log_completeness") == [(None, 0)]


def test_a_schedule_without_any_entry_is_not_rendered() -> None:
    account = facts(
        schedules=["rota1", "rota2", "rota3", "rota4"],
        shifts=[
            shift("rota1", MONDAY, MONDAY + DAY, "ann"),
            shift("rota2", MONDAY, MONDAY + DAY, None),
            shift("rota3", MONDAY + WEEK, MONDAY + 2 * WEEK, "ann"),
        ],
    )
    assert values_of(
        account,
        "schedules_rendered_share",
        "schedule:rota1/schedule_rendered",
        "schedule:rota2/schedule_rendered",
        "schedule:rota3/schedule_rendered",
    ) == [(0.5, 4), (1, 1), (1, 1), (0, 1)]


@pytest.mark.parametrize(("unread", "share"), [(0, 1), (1, 0.5), (9, 0)])
def test_a_schedule_that_could_not_be_read_is_not_rendered(unread: int, share: float) -> None:
    shifts = [shift(name, MONDAY, MONDAY + DAY, "ann") for name in ("rota1", "rota2")]
    account = replace(
        facts(schedules=["rota1", "rota2"], shifts=shifts),
        gathered=Gathered(resources=1, schedules_unrendered=unread),
    )
    assert values_of(account, "schedules_rendered_share") == [(share, 2)]


def test_an_acknowledgement_is_visible_if_it_is_in_the_log() -> None:
    incidents = [
        incident("a"),
        incident("b", listed_ack=MONDAY + MINUTE),
        incident("c"),
        incident("d"),
    ]
    log = [
        entry("a", "acknowledge", MONDAY + MINUTE),
        entry("c", "acknowledge", MONDAY + MINUTE, agent="service"),
    ]
    assert values_of(facts(incidents, log), "ack_visibility") == [(0.5, 2)]


def test_times_below_zero_are_counted_among_those_measured() -> None:
    incidents = [incident("a", resolved=-SECOND), incident("b", resolved=HOUR), incident("c")]
    log = [entry("a", "acknowledge", MONDAY - 1), entry("b", "acknowledge", MONDAY)]
    names = ("negative_duration_count", "negative_duration_share")
    # Two acknowledgements and two resolves; both of a are impossible.
    assert values_of(facts(incidents, log), *names) == [(2, 4), (0.5, 4)]


def test_incidents_that_the_window_cuts_are_counted_at_both_edges() -> None:
    incidents = [
        incident("open before", MONDAY - DAY),
        incident("ends inside", MONDAY - DAY, resolved=2 * DAY),
        incident("over before", MONDAY - DAY, resolved=DAY - 1),
        incident("inside", MONDAY, resolved=HOUR),
        incident("still open", MONDAY),
    ]
    log = [
        entry("older", "escalate", MONDAY + DAY),
        entry("older", "resolve", MONDAY + DAY),
        entry("later", "trigger", MONDAY + WEEK),
        entry("inside", "resolve", MONDAY + HOUR),
    ]
    account = facts(incidents, log)
    names = ("truncated_count/left", "truncated_count/right")
    assert [value for value, _ in values_of(account, *names)] == [3, 1]


def test_missing_records_are_counted_and_unknown_without_a_certificate() -> None:
    gathered = Gathered(
        resources=20, refused=2, windows=50, windows_short=3, schedules_unrendered=1
    )
    names = (
        "refused_resource_count",
        "refused_resource_share",
        "short_window_count",
        "fetch_problem_count",
    )
    account = replace(facts(), gathered=gathered)
    assert values_of(account, *names) == [(2, 20), (0.1, 20), (3, 50), (6, 70)]
    assert values_of(facts(), *names) == [(None, 0)] * 4


def test_unknown_words_are_counted() -> None:
    incidents = [incident("a", status="other"), incident("b", resolved=HOUR, merged=True)]
    log = [
        entry("a", "reopen", MONDAY),
        entry("a", "trigger", MONDAY, channel="other"),
        entry("a", "urgency_change", MONDAY),
        entry("a", "urgency_change", MONDAY, number=1),
        entry("b", "trigger", MONDAY)._replace(type="other"),
        page("ann", MONDAY),
        page("ann", MONDAY + 1, by=None),
        page("ann", MONDAY + 2)._replace(notification="other"),
    ]
    assert values_of(
        facts(incidents, log),
        "unknown_log_entry_type_count",
        "unknown_channel_count",
        "unknown_notification_count",
        "unknown_status_count",
        "urgency_changed_count",
    ) == [(2, 8), (1, 8), (2, 3), (1, 2), (1, 2)]


def test_people_and_schedules_with_a_known_zone_are_counted() -> None:
    account = Facts(
        incidents=[incident("a")],
        log_entries=[page("dan", MONDAY), page("eve", MONDAY)],
        schedules=[
            Schedule(pseudonym("rota1"), "Europe/Berlin", frozenset(), ()),
            Schedule(pseudonym("rota2"), None, frozenset(), ()),
        ],
        schedule_entries=[
            shift("rota1", MONDAY, MONDAY + DAY, "ann"),
            shift("rota2", MONDAY, MONDAY + DAY, "bob"),
        ],
        responders=[Responder(pseudonym("dan"), "Asia/Tokyo"), Responder(pseudonym("bob"), None)],
    )
    account = of_teams(account, {"a": "red"})
    # Ann by her schedule, Dan by himself, Bob by the account; of Eve nothing is known.
    assert values_of(
        account,
        "people_zone_share",
        "schedule_zone_share",
        "team:red/people_zone_share",
        "schedule:rota1/schedule_zone_share",
        "schedule:rota2/schedule_zone_share",
    ) == [(0.75, 4), (0.5, 2), (0.5, 2), (1, 1), (0, 1)]
    people = found(account)["people_zone_share"].people
    assert people == {pseudonym(who): who != "eve" for who in ("ann", "bob", "dan", "eve")}


def test_zones_of_unknown_name_are_counted_by_kind() -> None:
    hours = SupportHours(UNKNOWN_ZONE, 0, 3_600, frozenset({1}))
    account = Facts(
        schedules=[Schedule(pseudonym("rota"), UNKNOWN_ZONE, frozenset(), ())],
        schedule_entries=[shift("rota", MONDAY, MONDAY + DAY, "ann")],
        responders=[
            Responder(pseudonym("ann"), UNKNOWN_ZONE),
            Responder(pseudonym("bob"), UNKNOWN_ZONE),
            Responder(pseudonym("dan"), None),
        ],
        services=[service("web", urgency=None, hours=hours), service("all")],
    )
    assert values_of(
        account,
        "unknown_zone_count/person",
        "unknown_zone_count/schedule",
        "unknown_zone_count/support_hours",
        "people_zone_share",
        "schedule_zone_share",
    ) == [(2, 3), (1, 1), (1, 1), (0, 1), (0, 1)]


def test_facts_that_contradict_each_other_are_counted() -> None:
    incidents = [incident(name, resolved=HOUR) for name in "abc"]
    log = [
        entry("a", "resolve", MONDAY + HOUR + 60 * SECOND),
        entry("b", "resolve", MONDAY + HOUR - 61 * SECOND),
        entry("b", "resolve", MONDAY + MINUTE),
    ]
    one, other = pseudonym("one"), pseudonym("other")
    edges = [
        Dependency("service", one, "service", other),
        Dependency("service", one, "service", other),
        Dependency("service", other, "service", one),
        Dependency("service", one, "service", one),
    ]
    account = replace(facts(incidents, log), dependencies=edges)
    assert values_of(
        account,
        "inconsistent_fact_count/resolve",
        "inconsistent_fact_count/self_edge",
        "inconsistent_fact_count/repeated_edge",
    ) == [(1, 2), (1, 4), (1, 4)]


def test_people_missing_from_the_list_are_counted_wherever_they_are_named() -> None:
    helper = AddedResponder("joined", MONDAY, MONDAY, pseudonym("helper"))
    log = [
        page("paged", MONDAY),
        entry("a", "assign", MONDAY, to=["assigned"])._replace(agent_id=pseudonym("acted")),
        entry("a", "trigger", MONDAY, agent="service")._replace(agent_id=pseudonym("machine")),
    ]
    account = replace(
        facts([incident("a")._replace(responders=(helper,))], log, [rule(1, "rota", "target")]),
        schedule_entries=[
            shift("rota", MONDAY, MONDAY + DAY, "on call"),
            shift("rota", MONDAY, MONDAY + DAY, None),
        ],
        overrides=[shift("rota", MONDAY, MONDAY + DAY, "stand-in")],
    )
    assert values_of(account, "unknown_people_share") == [(None, 0)]
    listed = [Responder(pseudonym(who), None) for who in ("paged", "on call", "unseen")]
    # Named: paged, assigned, acted, target, on call, stand-in, helper.
    assert values_of(replace(account, responders=listed), "unknown_people_share") == [(5 / 7, 7)]


def test_deleted_people_who_are_still_in_the_plan_are_counted() -> None:
    ann, bob, dan = map(pseudonym, ("ann", "bob", "dan"))
    rota = Schedule(pseudonym("rota"), None, frozenset({ann, bob, dan}), ())
    assert values_of(Facts(schedules=[rota]), "deleted_people_count") == [(None, 3)]
    marked = Facts(schedules=[rota._replace(deleted=frozenset({dan}))])
    assert values_of(marked, "deleted_people_count") == [(1, 3)]
    listed = [Responder(ann, None), Responder(dan, None)]
    assert values_of(replace(marked, responders=listed), "deleted_people_count") == [(2, 3)]
    unmarked = Facts(schedules=[rota], responders=[*listed, Responder(bob, None)])
    assert values_of(unmarked, "deleted_people_count") == [(0, 3)]


def test_a_list_of_users_that_was_not_read_to_its_end_says_nothing_of_who_is_missing() -> None:
    ann, bob, dan = map(pseudonym, ("ann", "bob", "dan"))
    rota = Schedule(pseudonym("rota"), None, frozenset({ann, bob, dan}), ())
    half = Facts(
        schedules=[rota],
        responders=[Responder(ann, None)],
        schedule_entries=[shift("rota", MONDAY, MONDAY + DAY, "bob")],
        gathered=Gathered(short=frozenset({"users"})),
    )
    assert values_of(half, "unknown_people_share") == [(None, 0)]
    assert values_of(half, "deleted_people_count") == [(None, 3)]
    marked = replace(half, schedules=[rota._replace(deleted=frozenset({dan}))])
    assert values_of(marked, "deleted_people_count") == [(1, 3)]


def figure(number: str, value: float | None, **more: object) -> Figure:
    """A figure of one team; a duration over ten unless said otherwise."""
    given = {"measure": "m", "unit": "s", "n": 10, "interval": None, "level": "team", "of": "t"}
    given |= {"key": None, "sample_class": "dur", "statistic": "median", "privacy_class": "P0"}
    return Figure(id=number, value=value, **(given | more))  # type: ignore[arg-type]


def test_each_team_and_service_has_its_share_of_metrics_too_small_to_show() -> None:
    figures = [
        figure("INC-04", 1.0, n=4),
        figure("INC-07", 1.0, n=4),
        figure("INC-07", 1.0, measure="other", n=5),
        figure("INT-02", None, n=None, withheld="PRIV-1"),
        figure("INC-01", 1.0, sample_class="rate", unit="count", n=1),
        figure("INC-09", None, n=0),
        figure("DQ-09", 1.0),
        figure("INC-04", 1.0, level="account", of=None, n=1),
        figure("INC-04", 1.0, level="service", of="s", n=30, statistic="mean"),
    ]
    # Of the team: INC-04 and INT-02 show nothing, INC-07 and INC-01 do, INC-09 has no data.
    service, team = small_n(figures)
    assert (team.id, team.level, team.of, team.value, team.n) == ("DQ-09", "team", "t", 0.5, 4)
    assert (service.level, service.value, service.n) == ("service", 0, 1)
    assert small_n([]) == []


def test_log_entries_of_incidents_outside_the_window_are_not_judged() -> None:
    log: list[LogEntry] = [entry("before", "reopen", MONDAY + 1)]
    account = facts([incident("before", MONDAY - 1)], log)
    assert values_of(account, "unknown_log_entry_type_count") == [(0, 0)]
