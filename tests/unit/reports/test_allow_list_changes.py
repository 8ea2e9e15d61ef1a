"""A client who agreed to one list is told what another would ask and keep."""

from copy import deepcopy
from typing import Any

import pytest

from app.reports.allow_list_changes import Kept, changes
from collectors.manifest import manifest


@pytest.fixture
def before() -> dict[str, Any]:
    return deepcopy(manifest())


def _resource(declared: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in declared["resources"] if each["name"] == name)
    return found


def test_the_same_list_changes_nothing(before: dict[str, Any]) -> None:
    found = changes(before, manifest())
    assert found.only_words
    assert (found.asked, found.asked_no_more, found.kept, found.kept_no_more) == ((), (), (), ())


def test_a_reason_that_is_worded_anew_is_no_other_list(before: dict[str, Any]) -> None:
    _resource(before, "incidents")["fields"][0]["reason"] = "another reason"
    _resource(before, "teams")["purpose"] = "another purpose"
    assert changes(before, manifest()).only_words


def test_a_field_more_and_a_field_less_are_named_with_kind_and_reason(
    before: dict[str, Any],
) -> None:
    field = _resource(before, "incidents")["fields"].pop()
    gone = {**field, "name": "was_kept", "kind": "closed_word", "reason": "why it was"}
    _resource(before, "teams")["fields"].append(gone)
    found = changes(before, manifest())
    assert [one.field for one in found.kept] == [field["name"]]
    assert found.kept[0].resource == "Incidents"
    assert found.kept[0].reason == field["reason"]
    assert found.kept_no_more == (Kept("Teams", "was_kept", "closed word", "why it was"),)
    assert not found.only_words


def test_a_field_of_another_kind_is_another_field(before: dict[str, Any]) -> None:
    field = _resource(before, "incidents")["fields"][0]
    field["kind"] = "another_kind"
    found = changes(before, manifest())
    assert [one.field for one in (*found.kept, *found.kept_no_more)] == [field["name"]] * 2


def test_what_is_stored_from_now_on_is_told_though_it_was_read_before(
    before: dict[str, Any],
) -> None:
    field = next(each for each in _resource(before, "incidents")["fields"] if each["table"])
    field["table"] = None
    found = changes(before, manifest())
    assert found.kept_no_more[0].kind.endswith("used once, not stored")
    assert found.kept[0].field == field["name"]


def test_a_request_more_and_a_parameter_more_are_named(before: dict[str, Any]) -> None:
    before["resources"] = [each for each in before["resources"] if each["name"] != "priorities"]
    incidents = _resource(before, "incidents")
    more = incidents["query"].pop()
    before["identity"].append({"method": "POST", "path": "/oauth/gone"})
    found = changes(before, manifest())
    assert found.asked[0].startswith("GET /priorities")
    assert found.asked[1].startswith("GET /incidents with")
    assert more in found.asked[1]
    assert "POST /oauth/gone" in found.asked_no_more
    assert len(found.asked_no_more) == 2
