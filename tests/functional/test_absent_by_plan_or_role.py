"""An account or a role that gives less: the report states what is missing and its effect."""

from collections.abc import Callable

import pytest

from tests.functional.collection import UNLIMITED, assert_all_stored
from tests.functional.consultant import Consultant
from tests.servers import Installation


def test_resources_that_plan_or_role_do_not_give_are_stated_with_their_effect(
    tacit: Callable[..., Installation],
) -> None:
    product = tacit(
        **UNLIMITED, SANDBOX_WITHOUT_ABILITY="teams", SANDBOX_FORBID="/v3/schedules /oncalls"
    )
    expected = {
        "teams": "plan",
        "team_members": "plan",
        "schedules_v3": "role",
        "schedule_v3_details": "role",
        "oncalls": "role",
    }
    consultant = Consultant(product).logs_in().opens_engagement()
    consultant.connects()
    document = consultant.waits_for_assessment().report()
    certificate = document["completeness"]
    assert set(certificate["not_available"]) == set(expected)
    assert certificate["complete"] is True
    for each in certificate["resources"]:
        if each["resource"] in expected:
            assert each["reasons"] == [expected[each["resource"]]]
            assert each["without"]
    lacking = {each["id"].partition("-")[0] for each in document["metrics"] if each["lacking"]}
    assert lacking == {"INT", "ESC", "POL", "ONC", "LOAD", "DQ"}

    limited = Consultant(product).logs_in().opens_engagement()
    limited.connects("limited_user")
    document = limited.waits_for_assessment().report()
    assert document["partial"] is True
    visible = product.sandbox.counts()["visible_to_limited_user"]
    stored = {each["resource"]: each["stored"] for each in document["completeness"]["resources"]}
    assert stored["incidents"] == visible["incidents"] < product.sandbox.counts()["incidents"]
    assert "Partial" in limited.opens(limited.path(""))


def test_a_refused_log_leaves_no_all_clear_no_zero_and_no_score(
    tacit: Callable[..., Installation],
) -> None:
    product = tacit(**UNLIMITED, SANDBOX_FORBID="/log_entries")
    consultant = Consultant(product).logs_in().opens_engagement()
    consultant.connects()
    document = consultant.waits_for_assessment().report()
    assert document["missing"] == {"log_entries": "all"}
    states = {each["id"]: each["state"] for each in document["checked"]}
    by_log = {each["id"] for each in document["checked"] if "log_entries" in each["lacking"]}
    assert {"F15", "F16", "F17", "F26", "F27", "F33", "F34"} <= by_log
    assert {states[each] for each in by_log} == {"not told"}
    values = {each["measure"]: each["value"] for each in document["metrics"]}
    for measure in ("missed_page_rate", "ack_rate", "transient_share", "tta_median_s"):
        assert values[measure] is None, measure
    scores = {each["name"]: each["score"] for each in document["scorecard"]["dimensions"]}
    assert (scores["response"], scores["escalation"], scores["noise"]) == (None, None, None)
    assert document["scorecard"]["score"] is None
    assert "not collected: log entries" in consultant.opens(consultant.path(""))
    assert "Cannot be told: data is missing" in consultant.opens(consultant.path("/findings"))


@pytest.mark.parametrize("at_most", ["1"])
def test_one_request_at_a_time_is_a_switch(
    tacit: Callable[..., Installation], at_most: str
) -> None:
    product = tacit(**UNLIMITED, TACIT_REQUESTS_IN_FLIGHT=at_most)
    consultant = Consultant(product).logs_in().opens_engagement()
    consultant.connects()
    assert_all_stored(consultant.waits_for_assessment().report()["completeness"])
    assert product.sandbox.requests()["max_in_flight"] == int(at_most)
