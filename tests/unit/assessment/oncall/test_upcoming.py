"""ONC-13: what the 14 days after the snapshot bring."""

from app.assessment.rows import ScheduleEntry
from tests.factories.rows import rule
from tests.unit.assessment.oncall.rotas import on, rota, values_by_name

# The window and the snapshot end 168 hours after Monday, the 14 days at 504.
AHEAD = (
    on("ann", 160, 200, "rota1"),
    on("bob", 200, 300, "rota1"),
    on("ann", 303, 400, "rota1"),
    on("bob", 400, 404, "rota1"),
    on("ann", 404, 600, "rota1"),
)


def ahead(*shifts: ScheduleEntry) -> dict[str, float | None]:
    return values_by_name(rota(*shifts, rules=[rule(1, "rota1"), rule(2, "rota2")], rosters=LISTED))


LISTED: dict[str, list[str]] = {"rota1": [], "rota2": []}


def test_handoffs_people_and_gaps_of_the_next_two_weeks() -> None:
    found = ahead(*AHEAD, on("cat", 300, 302, "rota2"))
    # 200, 400 and 404; bob's 300 is a change into a gap.
    assert found["upcoming_handoffs"] == found["schedule:rota1/upcoming_handoffs"] == 3
    assert found["upcoming_people"] == 3
    assert found["schedule:rota1/upcoming_uncovered_h"] == 3
    assert found["policy:policy/upcoming_l1_uncovered_h"] == 3
    assert found["policy:policy/upcoming_uncovered_h"] == found["upcoming_uncovered_h"] == 1


def test_blocks_with_too_short_a_rest_between_them() -> None:
    # ann rests from 400 to 404; from 200 to 303 she has enough.
    assert ahead(*AHEAD)["schedule:rota1/upcoming_back_to_back"] == 1


def test_what_was_never_rendered_is_unknown_and_no_gap() -> None:
    found = ahead(on("ann", 0, 168, "rota1"))
    for measure in ("handoffs", "people", "uncovered_h", "l1_uncovered_h", "back_to_back"):
        assert found[f"policy:policy/upcoming_{measure}"] is None
    assert found["schedule:rota1/upcoming_uncovered_h"] is None


def test_a_schedule_that_was_not_collected_makes_dependent_figures_unknown() -> None:
    account = rota(*AHEAD, rules=[rule(1, "rota1"), rule(2, "rota9")])
    found = values_by_name(account)
    assert found["policy:policy/upcoming_handoffs"] is None
    assert found["policy:policy/upcoming_uncovered_h"] is None
    assert found["policy:policy/upcoming_l1_uncovered_h"] == 3


def test_an_empty_entry_ahead_is_known_to_be_no_person() -> None:
    found = ahead(on("ann", 0, 170, "rota1"), on(None, 170, 600, "rota1"))
    assert found["policy:policy/upcoming_uncovered_h"] == 334


def test_future_shifts_are_in_no_figure_of_the_window() -> None:
    found = ahead(*AHEAD)
    assert found["oncall_total_h"] == 8
    assert found["handoffs"] == 0
