"""Whatever PagerDuty does to a collection: it comes whole, or it says what is missing and why."""

import re
from collections.abc import Callable
from typing import Any

from tests.functional.collection import UNLIMITED
from tests.functional.consultant import Consultant
from tests.servers import Product

CANARY = re.compile(r"CNRY[A-Z2-7]{4}")


def _connected(product: Product, *faults: dict[str, object], login: str = "admin") -> Consultant:
    consultant = Consultant(product).logs_in().opens_engagement()
    for fault in faults:
        product.sandbox.plant(**fault)
    consultant.connects(login)
    try:
        return consultant.waits_for_assessment()
    finally:
        # The next test may use the same sandbox.
        product.sandbox.heal()


def _resources(consultant: Consultant) -> dict[str, dict[str, Any]]:
    found: list[dict[str, Any]] = consultant.report()["completeness"]["resources"]
    return {each["resource"]: each for each in found}


def _assert_whole(product: Product, consultant: Consultant) -> None:
    certificate = consultant.report()["completeness"]
    assert certificate["complete"] is True
    counts = product.sandbox.counts()
    stored = {each["resource"]: each["stored"] for each in certificate["resources"]}
    for name in ("incidents", "log_entries", "services", "change_events", "oncalls"):
        assert stored[name] == counts[name], name


PASSING: tuple[dict[str, object], ...] = (
    {"kind": "429", "path": "/log_entries", "after": 3},
    {"kind": "429", "path": "/incidents", "headers": False},
    {"kind": "5xx", "path": "/services", "status": 503},
    {"kind": "5xx", "path": "/log_entries", "after": 8, "status": 408},
    {"kind": "reset", "path": "/log_entries", "after": 10, "times": 2},
    {"kind": "truncated", "path": "/log_entries", "after": 14},
    {"kind": "short", "path": "/change_events"},
    {"kind": "html", "path": "/teams"},
    {"kind": "slow", "path": "/oncalls", "seconds": 3},
    {"kind": "wrong_type", "path": "/priorities", "field": "*"},
)
"""Each of them once or twice: a collection shrugs."""


def test_what_passes_costs_nothing_but_time(either_product: Product) -> None:
    consultant = _connected(either_product, *PASSING)
    _assert_whole(either_product, consultant)
    assert consultant.report()["completeness"]["rate_limited"] == 2
    assert not CANARY.search(either_product.words())


LASTING: tuple[tuple[dict[str, object], str, str], ...] = (
    ({"kind": "malformed_record", "path": "/services"}, "services", "malformed"),
    ({"kind": "wrong_type", "path": "/maintenance_windows", "field": "*"},
     "maintenance_windows", "unexpected_shape"),
    ({"kind": "oversize", "path": "/business_services"}, "business_services", "too_large"),
    ({"kind": "bomb", "path": "/oncalls", "bytes": 200_000_000}, "oncalls", "too_large"),
    ({"kind": "redirect", "path": "/change_events"}, "change_events", "request_refused"),
    ({"kind": "status", "path": "/priorities", "status": 400}, "priorities", "request_refused"),
)  # fmt: skip
"""For ever: the resource is told to be incomplete, with its reason; the others are whole."""


def test_what_lasts_costs_its_resource_and_is_said(either_product: Product) -> None:
    product = either_product
    consultant = _connected(product, *({**fault, "times": 10_000} for fault, _, _ in LASTING))
    resources = _resources(consultant)
    assert consultant.report()["completeness"]["complete"] is False
    for _, name, reason in LASTING:
        assert (resources[name]["state"], resources[name]["reasons"]) == ("incomplete", [reason])
    hurt = {name for _, name, _ in LASTING}
    # Whoever is listed by a resource that did not come is not asked for one by one.
    hurt |= {"business_dependencies", "technical_dependencies"}
    assert {each["state"] for name, each in resources.items() if name not in hurt} == {"complete"}
    assert product.sandbox.counts()["log_entries"] == resources["log_entries"]["stored"]
    assert not CANARY.search(product.words())


def test_an_answer_that_never_ends_is_given_up_and_asked_again(product: Product) -> None:
    silent = {"kind": "half", "path": "/escalation_policies", "seconds": 60}
    _assert_whole(product, _connected(product, silent))


def test_schedules_too_heavy_to_render_together_come_in_smaller_pages_or_one_by_one(
    product: Product,
) -> None:
    before = len(product.sandbox.requests()["requests"])
    heavy = {"kind": "oversize", "path": "/schedules", "bytes": 33 << 20, "times": 2}
    consultant = _connected(product, heavy)
    assert _resources(consultant)["schedules"]["state"] == "complete"
    limits = [
        each["query"]["limit"][0]
        for each in product.sandbox.requests()["requests"][before:]
        if each["path"] == "/schedules"
    ]
    assert limits[:3] == ["100", "50", "25"]

    # The first request only: after it the ids are listed without any rendering.
    refused = {"kind": "status", "path": "/schedules", "status": 400}
    resources = _resources(_connected(product, refused))
    assert "schedules" not in resources
    details = resources["schedule_details"]
    assert details["state"] == "complete"
    assert details["stored"] == product.sandbox.counts()["schedules"]


def test_what_plan_or_role_do_not_give_is_told_with_what_it_costs(
    tacit: Callable[..., Product],
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
    document = _connected(product).report()
    certificate = document["completeness"]
    assert set(certificate["not_available"]) == set(expected)
    assert certificate["complete"] is True
    for each in certificate["resources"]:
        if each["resource"] in expected:
            assert each["reasons"] == [expected[each["resource"]]]
            assert each["without"]
    lacking = {each["id"].partition("-")[0] for each in document["metrics"] if each["lacking"]}
    assert lacking == {"INT", "ESC", "POL", "ONC", "LOAD", "DQ"}

    limited = _connected(product, login="limited_user")
    document = limited.report()
    assert document["partial"] is True
    visible = product.sandbox.counts()["visible_to_limited_user"]
    stored = {each["resource"]: each["stored"] for each in document["completeness"]["resources"]}
    assert stored["incidents"] == visible["incidents"] < product.sandbox.counts()["incidents"]
    assert "Partial" in limited.opens(limited.path(""))


def test_one_request_at_a_time_is_a_switch(tacit: Callable[..., Product]) -> None:
    product = tacit(**UNLIMITED, TACIT_REQUESTS_IN_FLIGHT="1")
    _assert_whole(product, _connected(product))
    assert product.sandbox.requests()["max_in_flight"] == 1
