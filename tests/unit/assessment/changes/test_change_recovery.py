"""Recovery of failed changes, rework, and changes that nobody sees."""

from app.assessment.metrics.changes import METRICS
from app.assessment.rows import ChangeEvent
from tests.factories.resolved_incidents import Handled, account, handled
from tests.factories.rows import DAY, HOUR, MINUTE, MONDAY, change, facts, family, incident, options

TEN = MONDAY + 10 * HOUR


def broken(
    name: str, at: int, *incidents: tuple[int, int | None]
) -> tuple[list[Handled], ChangeEvent]:
    """A change and incidents that start and last so many minutes."""
    cases = [
        handled(
            f"{name}{n}",
            at + start * MINUTE,
            None if lasts is None else lasts * MINUTE,
            "person",
            service=name,
        )
        for n, (start, lasts) in enumerate(incidents)
    ]
    return cases, change(name, at, name)


def recovered(*found: tuple[list[Handled], ChangeEvent]) -> dict[str, float | None]:
    cases = [each for of_change, _ in found for each in of_change]
    rows = account(cases, [each for _, each in found])
    return {name: each.value for name, each in family(METRICS, rows).items()}


ONE = broken("one", TEN, (30, 120), (60, 60))
"""From 10:30 to 12:30: two hours, two and a half since the change."""


def test_recovery_lasts_from_the_first_incident_to_the_last_resolve() -> None:
    found = recovered(ONE)
    assert found["fdrt_median_s"] == 7_200
    assert found["fdrt_since_change_median_s"] == 9_000
    assert found["fdrt_open_changes"] == 0
    assert found["service:one/fdrt_median_s"] == 7_200


def test_a_change_with_an_open_incident_is_open_and_not_in_the_median() -> None:
    two = broken("two", TEN, (0, 30), (10, None))
    found = recovered(ONE, two)
    assert found["fdrt_median_s"] == 7_200
    assert found["fdrt_open_changes"] == 1


def test_open_changes_raise_the_censored_median() -> None:
    """Recovered after 1 and 2 hours, one open: the median is 1.5 h, of all three 2 h."""
    found = recovered(ONE, broken("two", TEN, (0, 60)), broken("three", TEN, (0, None)))
    assert found["fdrt_median_s"] == 5_400
    assert found["fdrt_km_median_s"] == 7_200


def test_a_recovery_before_its_incident_is_left_out() -> None:
    found = recovered(ONE, broken("two", TEN, (0, -5)))
    assert found["fdrt_median_s"] == 7_200
    assert found["failed_change_count"] == 2


def test_a_resolve_without_a_time_gives_no_recovery() -> None:
    row = incident("a", TEN, status="resolved", service="p")
    found = family(METRICS, account([Handled(row, [])], [change("c", TEN, "p")]))
    assert found["failed_change_count"].value == 1
    assert found["fdrt_median_s"].value is None
    assert found["fdrt_open_changes"].value == 0


def test_rework_is_a_change_while_an_earlier_incident_is_open() -> None:
    cases = [
        handled("a", TEN, HOUR, "person", service="p"),
        handled("b", TEN, 5 * HOUR, "person", service="q", urgency="low"),
    ]
    changes = [
        change("at its start", TEN, "p"),
        change("during", TEN + 10 * MINUTE, "p"),
        change("of another", TEN + MINUTE, "q"),
        change("at its end", TEN + HOUR, "p"),
        change("of both", TEN + 2 * MINUTE, "p", "q"),
    ]
    found = family(METRICS, account(cases, changes))
    assert found["rework_share"].value == 2 / 5
    assert found["service:p/rework_share"].value == 2 / 4


def test_visibility_is_over_the_services_with_incidents() -> None:
    rows = [
        incident("a", service="p", teams=["t"]),
        incident("b", service="p"),
        incident("c", service="q", teams=["t"]),
        incident("d", service="r"),
        incident("e", service=None),
    ]
    changes = [
        change("x", TEN, "p"),
        change("y", TEN, "quiet"),
        change("z", MONDAY - DAY, "q"),
    ]
    found = family(METRICS, facts(rows, changes=changes))
    assert found["change_visibility"].value == 1 / 3
    assert found["team:t/change_visibility"].value == 1 / 2


def test_every_change_figure_is_called_a_proxy() -> None:
    assert all(each.title.endswith("(proxy)") for each in METRICS)


def test_an_open_incident_lasts_until_the_snapshot() -> None:
    rows = account([handled("a", TEN, service="p")], [change("c", TEN + 3 * DAY, "p")])
    question = options(as_of=MONDAY + 30 * DAY)
    assert family(METRICS, rows, question)["rework_share"].value == 1
