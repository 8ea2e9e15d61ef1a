"""A client who agreed to one list sees what another would request and keep."""

from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import astuple
from typing import Any

import pytest

from app.reports.allow_list_changes import StoredField, changes
from collectors.manifest import manifest


@pytest.fixture
def before() -> dict[str, Any]:
    return deepcopy(manifest())


def _resource(declared: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in declared["resources"] if each["name"] == name)
    return found


def test_the_same_list_changes_nothing(before: dict[str, Any]) -> None:
    found = changes(before, manifest())
    assert found.only_wording
    assert set(astuple(found)) == {()}


def test_a_reason_in_other_words_is_no_other_list(before: dict[str, Any]) -> None:
    _resource(before, "incidents")["fields"][0]["reason"] = "another reason"
    _resource(before, "teams")["purpose"] = "another purpose"
    assert changes(before, manifest()).only_wording


def test_a_field_more_and_a_field_less_are_named_with_kind_and_reason(
    before: dict[str, Any],
) -> None:
    field = _resource(before, "incidents")["fields"].pop()
    gone = {**field, "name": "was_kept", "kind": "closed_word", "reason": "why it was"}
    _resource(before, "teams")["fields"].append(gone)
    found = changes(before, manifest())
    assert [one.field for one in found.stored] == [field["name"]]
    assert found.stored[0].resource == "Incidents"
    assert found.stored[0].reason == field["reason"]
    assert found.no_longer_stored == (
        StoredField("Teams", "was_kept", "closed word", "why it was"),
    )
    assert not found.only_wording


def test_a_field_of_another_kind_is_another_field(before: dict[str, Any]) -> None:
    field = _resource(before, "incidents")["fields"][0]
    field["kind"] = "another_kind"
    found = changes(before, manifest())
    assert [one.field for one in (*found.stored, *found.no_longer_stored)] == [field["name"]] * 2


def test_a_field_newly_stored_is_reported_though_it_was_read_before(
    before: dict[str, Any],
) -> None:
    field = next(each for each in _resource(before, "incidents")["fields"] if each["table"])
    field["table"] = None
    found = changes(before, manifest())
    assert found.no_longer_stored[0].kind.endswith("used once, not stored")
    assert found.stored[0].field == field["name"]


def test_a_request_more_and_a_parameter_more_are_named(before: dict[str, Any]) -> None:
    before["resources"] = [each for each in before["resources"] if each["name"] != "priorities"]
    incidents = _resource(before, "incidents")
    more = incidents["query"].pop()
    before["identity"].append({"method": "POST", "path": "/oauth/gone"})
    found = changes(before, manifest())
    assert found.requested[0].startswith("GET /priorities")
    assert found.requested[1].startswith("GET /incidents (scope: incidents.read) with")
    assert more in found.requested[1]
    assert "POST /oauth/gone (kept: not stated)" in found.no_longer_requested
    assert len(found.no_longer_requested) == 2


WORDS = {"format", "purpose", "reason", "without", "column"}
"""Keys that say how something is explained or filed; every other one says what is done."""


def _places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Of everything in a declaration that is neither a list nor a mapping."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in inside:
        if isinstance(each, dict | list):
            yield from _places(each, (*path, key))
        else:
            yield (*path, key)


def _with_another(declared: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    found = deepcopy(declared)
    place: Any = found
    for key in path[:-1]:
        place = place[key]
    value = place[path[-1]]
    place[path[-1]] = not value if isinstance(value, bool) else "teams" if value is None else None
    if isinstance(value, str):
        place[path[-1]] = "" if path[-1] == "table" else f"{value} and more"
    return found


def _key(path: tuple[str | int, ...]) -> str:
    return next(str(each) for each in reversed(path) if isinstance(each, str))


def test_every_difference_in_behaviour_is_reported(before: dict[str, Any]) -> None:
    """Found in the declaration itself: a later key must be reported, or be mere wording."""
    result: defaultdict[str, set[bool]] = defaultdict(set)
    for path in _places(before):
        # A resource's fields are all alike: the first of each will do.
        if "fields" not in path or path[3] == 0:
            found = changes(_with_another(before, path), before)
            result[_key(path)].add(not found.only_wording)
    assert {key for key, seen in result.items() if True not in seen} == WORDS


@pytest.mark.parametrize(
    "key", ["extension", "fallback", "parent", "scope", "fixed_query", "query"]
)
def test_a_list_of_an_older_release_that_lacks_a_key_is_read(
    before: dict[str, Any], key: str
) -> None:
    for each in before["resources"]:
        del each[key]
    assert not changes(before, manifest()).stored


def test_a_promise_that_is_given_up_is_named(before: dict[str, Any]) -> None:
    before["never_stored"].append("Anything at all")
    assert changes(before, manifest()).no_longer_promised == ("Never stored: Anything at all",)
