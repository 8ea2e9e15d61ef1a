"""What a consultant may press gives one value of a figure over people, not two to subtract."""

import json
from datetime import date, timedelta
from typing import Any

from tests.functional.consultant import Consultant
from tests.servers import Installation, wait_until

Cells = dict[str, Any]


def _over_people(document: dict[str, Any]) -> Cells:
    return {
        json.dumps([each["id"], each["measure"], each["scope"]]): (
            each["value"],
            each.get("window"),
        )
        for each in document["metrics"]
        if each["privacy"] == "P1"
    }


def _shown(cells: Cells) -> Cells:
    return {name: each for name, each in cells.items() if each[0] is not None}


def _asks(consultant: Consultant, **fields: str) -> dict[str, Any]:
    """The report of another assessment: a form with these fields, the rest as offered."""
    count = "SELECT count(*) FROM assessment WHERE state = 'done'"
    before = consultant.product.select(count)
    offered: dict[str, Any] = {
        "baseline": "",
        "ack_target": "5",
        "transient": "5",
        "minimum_group": "5",
        "business_start": "28800",
        "business_end": "64800",
        "business_days": ("1", "2", "3", "4", "5"),
        "sleep_start": "79200",
        "sleep_end": "28800",
        "excluded_urgencies": "low",
    }
    offered |= fields
    response = consultant.sends(consultant.path("/assessments/new"), **offered)
    assert response.url.endswith("/assessments"), response.text
    wait_until(lambda: consultant.product.select(count) > before, 60, "it was not assessed")
    return consultant.report()


def _monday(document: dict[str, Any], weeks: int) -> date:
    end = date.fromisoformat(document["window"]["until"][:10])
    return end - timedelta(days=end.weekday(), weeks=weeks)


def test_windows_scopes_and_refreshes_show_the_same_figures_over_people(
    product: Installation,
) -> None:
    consultant = Consultant(product).logs_in().opens_engagement()
    consultant.connects()
    first = consultant.waits_for_assessment().report()
    published = _shown(_over_people(first))
    assert len(published) > 20
    assert all(window["weeks"] == 12 for _, window in published.values())

    for weeks in (7, 6):
        since, until = _monday(first, weeks), _monday(first, 2) - timedelta(days=1)
        other = _asks(consultant, since=since.isoformat(), until=until.isoformat())
        assert other["window"] != first["window"]
        assert _shown(_over_people(other)) == published

    service = next(
        each["scope"]["id"] for each in first["metrics"] if each["scope"]["level"] == "service"
    )
    narrowed = _shown(_over_people(_asks(consultant, services=service)))
    assert narrowed.items() <= published.items()
    assert not any('"account"' in name for name in narrowed)

    product.sandbox.mutate(kind="add_log_entry")
    refreshed = consultant.presses("Refresh now", "/collect").waits_for_assessment().report()
    assert refreshed["as_of"] > first["as_of"]
    assert _shown(_over_people(refreshed)) == published


def test_a_third_set_of_options_in_four_weeks_shows_no_figure_over_people(
    product: Installation,
) -> None:
    consultant = Consultant(product).logs_in().opens_engagement()
    consultant.connects()
    consultant.waits_for_assessment()
    second = _over_people(_asks(consultant, sleep_end=str(7 * 3600)))
    assert _shown(second)
    third = _over_people(_asks(consultant, sleep_end=str(6 * 3600)))
    assert _shown(third) == {}
