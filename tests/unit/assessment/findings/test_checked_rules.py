"""Every rule is accounted for: what it found, that it found nothing, or that it could not look."""

from app.assessment.figures import Figure
from app.assessment.findings.judge import checked
from app.assessment.findings.rules import RULES
from tests.unit.assessment.findings.finding_figures import POLICY, all_findings, figure, served


def states(*figures: Figure) -> dict[str, str]:
    """What came of each rule, by its id, judged by the same figures."""
    return {str(each["id"]): str(each["state"]) for each in checked(figures, all_findings(figures))}


def reaching(people: int | None) -> list[Figure]:
    """A policy with a service that reaches so many people, on which F02 and F03 rest."""
    return [figure("reachable_people", people, policy=POLICY), *served()]


def test_a_rule_that_fired_is_found_and_one_of_the_same_metric_is_clear() -> None:
    result = states(*reaching(1))
    assert (result["F02"], result["F03"]) == ("found", "clear")


def test_a_rule_that_looked_and_found_nothing_is_clear() -> None:
    result = states(*reaching(3))
    assert (result["F02"], result["F03"]) == ("clear", "clear")


def test_a_rule_without_any_value_is_not_checked() -> None:
    result = states(*reaching(None))
    assert (result["F02"], result["F03"]) == ("not told", "not told")


def test_a_rule_with_withheld_figures_is_not_checked() -> None:
    seen = figure("people_over_quarter_share", 0.0)
    hidden = seen._replace(value=None, n=None, withheld="PRIV-1")
    assert states(seen)["F23"] == "clear"
    assert states(hidden)["F23"] == "not told"


def test_one_of_several_metrics_is_enough_to_have_looked() -> None:
    # F08 rests on POL-05 and ESC-11; only the first is published.
    assert states(figure("long_timeouts_urgent", 0, policy=POLICY))["F08"] == "clear"


def test_slow_acknowledgement_is_not_clear_where_nobody_acknowledged() -> None:
    # The number of raised incidents, of the same metric, is known all the same.
    waited, raised = "high_urgency_tta_median_s", figure("raised_count", 0)
    assert states(figure(waited, 60), raised)["F18"] == "clear"
    assert states(figure(waited, None), raised)["F18"] == "not told"


def test_gaps_are_not_clear_where_the_cover_of_a_policy_with_services_is_not_known() -> None:
    account = figure("policies_with_gap_count", 0)
    for rule, measure in (("F01", "policy_uncovered_h"), ("F13", "policy_l1_uncovered_h")):
        known = [figure(measure, 0, policy="ff"), figure("services_behind", 1, policy="ff")]
        unknown = figure(measure, None, policy=POLICY)
        assert states(account, *known, unknown)[rule] == "clear"
        assert states(account, *known, unknown, *served())[rule] == "not told"


def test_a_metric_that_a_rule_does_not_name_does_not_count() -> None:
    result = states(*reaching(3))
    assert {number for number, state in result.items() if state != "not told"} == {
        each.id for each in RULES if {"POL-02", "POL-08"} & set(each.metrics)
    }


def test_every_rule_is_there_once_in_order_and_by_its_title() -> None:
    nothing = checked([], [])
    assert [(each["id"], each["title"]) for each in nothing] == [(r.id, r.title) for r in RULES]
    assert {each["state"] for each in nothing} == {"not told"}
