"""ONC-12 and ONC-14: how many people share the duty, and who has none of it."""

from app.assessment.rows import LogEntry
from tests.factories.rows import HOUR, MONDAY, entry, incident, pseudonym, rule
from tests.unit.assessment.oncall.rotas import duty, on, rota, values_by_name

LEVELS = (rule(1, "rota1"), rule(2, "rota2"))


def ack(name: str, person: str) -> LogEntry:
    return entry(name, "acknowledge", MONDAY + HOUR)._replace(agent_id=pseudonym(person))


def test_a_rotation_is_who_has_an_hour_or_more_on_level_one() -> None:
    shifts = (
        on("ann", 0, 40, "rota1"),
        on("bob", 40, 41, "rota1"),
        on("cat", 41, 41.5, "rota1"),
        on("dan", 0, 90, "rota2"),
    )
    found = values_by_name(rota(*shifts, rules=LEVELS))
    assert found["rotation_size"] == found["policy:policy/rotation_size"] == 2
    assert found["schedule:rota1/rotation_size"] == 2
    assert found["distinct_people"] == found["policy:policy/distinct_people"] == 4
    assert found["schedule:rota2/distinct_people"] == 1


def test_a_schedule_on_no_first_level_has_no_rotation() -> None:
    found = values_by_name(rota(on("dan", 0, 90, "rota2"), rules=LEVELS))
    assert found["schedule:rota2/rotation_size"] is None


def test_the_people_of_a_schedule_that_was_not_collected_are_unknown() -> None:
    found = values_by_name(rota(on("dan", 0, 90, "rota2"), rules=LEVELS))
    assert found["policy:policy/rotation_size"] is None
    assert found["policy:policy/distinct_people"] is None
    assert found["distinct_people"] == 1


def test_a_direct_user_is_a_person_but_no_rotation() -> None:
    found = values_by_name(rota(rules=[rule(1, "boss")]))
    assert found["policy:policy/rotation_size"] is None
    assert found["policy:policy/distinct_people"] == 1


def test_sites_are_time_zones_with_two_people_or_more() -> None:
    people = ("ann", "bob", "cat", "dan", "eve", "fay")
    homes = dict.fromkeys(("ann", "bob", "cat"), "Europe/Berlin")
    homes |= dict.fromkeys(("dan", "eve"), "Asia/Tokyo") | {"fay": "Etc/UTC"}
    shifts = [on(who, 10 * i, 10 * i + 10, "rota1") for i, who in enumerate(people)]
    found = duty(rota(*shifts, rules=LEVELS, homes=homes))
    assert found["policy:policy/rotation_sites"].value == 2
    assert found["policy:policy/rotation_smallest_site"].value == 2
    assert len(found["policy:policy/rotation_sites"].people or ()) == 6


def test_the_fewest_people_with_half_of_the_hours() -> None:
    shifts = (on("ann", 0, 40, "rota1"), on("bob", 40, 70, "rota1"), on("cat", 70, 100, "rota1"))
    # 40 of 100 is less than half, 40 + 30 is not.
    assert values_by_name(rota(*shifts, rules=LEVELS))["policy:policy/bus_factor_hours"] == 2
    even = (on("ann", 0, 50, "rota1"), on("bob", 50, 100, "rota1"))
    assert values_by_name(rota(*even, rules=LEVELS))["policy:policy/bus_factor_hours"] == 1


def test_the_fewest_people_with_half_of_the_first_acknowledgements() -> None:
    names = ("a", "b", "c", "d", "e")
    people = ("ann", "ann", "bob", "cat", "dan")
    log = [ack(name, person) for name, person in zip(names, people, strict=True)]
    # A later ack of the same incident and one by a machine are not first acks.
    log += [ack("a", "eve")._replace(created_at=MONDAY + 2 * HOUR)]
    log += [entry("f", "acknowledge", MONDAY + HOUR, agent="service")]
    incidents = [incident(name) for name in (*names, "f")]
    found = duty(rota(rules=LEVELS, rosters={"rota1": []}, incidents=incidents, log=log))
    # ann has 2 of 5, ann and another 3.
    assert (found["bus_factor_acks"].value, found["bus_factor_acks"].n) == (2, 5)


def test_who_is_listed_and_has_no_shift_is_idle() -> None:
    account = rota(
        on("ann", 0, 10, "rota1"),
        on("bob", 0, 10, "rota2"),
        on("cat", 500, 510, "rota1"),
        rosters={"rota1": ["ann", "bob", "cat"], "rota2": ["bob"]},
    )
    found = duty(account)
    # cat has a shift after the window, bob on another schedule.
    assert found["schedule:rota1/idle_members"].value == 2
    assert found["idle_members"].value == 1
    assert found["idle_members"].people == {
        pseudonym("ann"): 10,
        pseudonym("bob"): 10,
        pseudonym("cat"): 0,
    }
