"""Every value that PagerDuty may send and Tacit does not store is a marker, by the declaration.

Without one are only true and false, nothing at all, and what the protocols themselves say.
"""

import re
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from collectors.layout import layout
from collectors.manifest import RESOURCES
from collectors.resource import Resource, Shape
from proof.planted import Stretch, plant, settings_of
from proof.registry import Registry, word
from sandbox.canaries import REST, Mint

END = datetime(2026, 11, 21, tzinfo=UTC)
STRETCH = Stretch(END - timedelta(days=90), END, END + timedelta(hours=1))
PROTOCOL = re.compile(
    r".* /(limit|offset|error/code|error/required_scopes)"
    r"|/oauth/token /(client_info|expires_in|scope|token_type)"
    # What the client sent, and what makes the token good.
    r"|/oauth/token /id_token/(at_hash|aud/\*|auth_time|azp|exp|iat|iss|nbf|nonce|region|subdomain)"
)
SINGLE = {"/services/*/support_hours/days_of_week/*"}
"""Elements of lists that are kept as one column."""
Leaves = dict[str, list[str]]


def declared(resource: Resource) -> set[str]:
    """Pointers of what is kept of a resource."""
    base = f"/{resource.envelope}" + ("" if resource.shape is Shape.ONE else "/*")
    columns = (column for table in layout(resource.schema) for column in table.columns)
    paths = (column.path.replace("[]", "/*").replace(".", "/") for column in columns)
    return {f"{resource.path} {pointer}" for pointer in (base, *(f"{base}/{p}" for p in paths))}


@pytest.fixture(scope="module")
def planted() -> tuple[Mint, Registry, Leaves]:
    """Every text and number of a small account, by endpoint and place."""
    found: Leaves = defaultdict(list)
    mint = Mint(1, word())
    key = re.compile(rf"{mint.prefix}[A-Z2-7]{{{REST}}}")
    read = Registry.read

    def reading(self: Registry, endpoint: str, pointer: str, value: object) -> None:
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            found[f"{endpoint} {key.sub('{key}', pointer)}"].append(str(value))
        read(self, endpoint, pointer, value)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Registry, "read", reading)
        registry = plant(settings_of("small", mint.word, END), STRETCH)
    return mint, registry, found


def test_every_forbidden_leaf_of_every_endpoint_carries_a_marker(
    planted: tuple[Mint, Registry, Leaves],
) -> None:
    mint, _, found = planted
    kept = {place for resource in RESOURCES for place in declared(resource)}
    mark = re.compile(rf"{mint.prefix}|^{mint.number}\d{{5}}$|^{mint.day}T")
    plain = {
        place: value
        for place, values in found.items()
        for value in values
        if place not in kept and not PROTOCOL.fullmatch(place) and not mark.search(value)
    }
    assert {place for place in plain if place.split(" ")[1] not in SINGLE} == set(), plain


def test_headers_keys_words_claims_and_errors_carry_markers_too(
    planted: tuple[Mint, Registry, Leaves],
) -> None:
    mint, registry, found = planted
    origins = set(registry.origins.values())
    for resource in RESOURCES:
        if not resource.fallback and resource.path != "/paused_incident_reports/counts":
            assert f"{resource.path} reason" in origins, resource.path
    for place in (
        "/incidents header",
        "/incidents reason",
        "/incidents /incidents/*/urgency",
        "/incidents /incidents/*/{key}",
        "/log_entries /log_entries/*/type",
        "/oauth/token header",
        "/oauth/token /id_token/sub",
        "/oauth/token /id_token/{key}",
        "/users/me /user/name",
        "/teams /error/message",
        "/services ",
    ):
        assert place in origins, place
    # Of numbers and moments there are few: a place may have none of its own.
    for name, begins in (("odd_number", str(mint.number)), ("odd_moment", mint.day)):
        values = found[f"/incidents /incidents/*/{name}"]
        assert all(str(value).startswith(begins) for value in values)


def test_the_numbers_of_markers_are_large(planted: tuple[Mint, Registry, Leaves]) -> None:
    _, registry, _ = planted
    assert len(registry.origins) > 50_000
    assert len(registry.markers().drawn) == 2_000
