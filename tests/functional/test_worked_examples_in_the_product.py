"""Hand-computed examples have the expected results in a running product: OAuth, worker, JSON."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.keystore import Keystore
from collectors.pseudonyms import Pseudonyms
from tests.factories.revised_examples import revised
from tests.functional.consultant import Consultant
from tests.servers import Installation
from tests.skips import SHARED

EXAMPLES = SHARED / "examples" / "worked-examples.json"
NOT_SHOWN = {
    # Computed with a horizon of its own, which is no option of the page or the command.
    "WE1": {"rmst_s"},
    # Of one incident each: nothing of a single incident leaves the engine.
    "WE2": {"paths", "full_path_PI205", "unowned_s_PI205"},
    "WE8": set[str](),
}
"""Expected values that the report does not show; `tacit examples` compares all of them."""
_KINDS = ("escalation_policy", "service", "business_service")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "database_url"),
    [("WE1", "sqlite"), ("WE2", "postgresql"), ("WE8", "sqlite")],
    indirect=["database_url"],
)
def test_an_example_in_a_running_product(
    name: str, database_url: str, tacit: Callable[..., Installation], tmp_path: Path
) -> None:
    example = revised(_example(name))
    account = tmp_path / "account.json"
    account.write_text(json.dumps({"examples": [example]}))
    product = tacit(
        SANDBOX_ACCOUNT_FILE=str(account),
        SANDBOX_EXAMPLE=name,
        SANDBOX_RATE_LIMIT="0",
        TACIT_SWEEP_SECONDS="0.5",
    )
    document = _assessed(product, example["params"])
    raw = _raw_ids(product, example)
    assert document["completeness"]["complete"] is True
    shown = {key: each for key, each in example["expected"].items() if key not in NOT_SHOWN[name]}
    assert len(shown) >= 17
    found = {key: _published(document, raw, key, each["value"]) for key, each in shown.items()}
    assert found == {
        key: pytest.approx(_plain(each["value"], found[key]), rel=1e-9)
        for key, each in shown.items()
    }
    assert "CANARY_" not in json.dumps(document)
    assert "CANARY_" not in product.words()


def _example(name: str) -> dict[str, Any]:
    """One of the file, with the business services that its edges name: each end has an owner."""
    if not EXAMPLES.is_file():
        pytest.skip(f"{EXAMPLES.name} is not beside this checkout")
    examples = json.loads(EXAMPLES.read_text())["examples"]
    found: dict[str, Any] = next(each for each in examples if each["id"] == name)
    edges = found["inputs"].get("service_dependencies", {}).get("relationships", [])
    ends = [edge[end] for edge in edges for end in ("supporting_service", "dependent_service")]
    business = {end["id"] for end in ends if end["type"].startswith("business")}
    found["inputs"]["business_services"] = [
        {"id": each, "type": "business_service"} for each in sorted(business)
    ]
    return found


def _assessed(product: Installation, params: Mapping[str, str]) -> dict[str, Any]:
    """The report of the example's window."""
    since, until = params["since"], params["until"]
    last = datetime.fromisoformat(until) - timedelta(days=1)
    consultant = Consultant(product).logs_in()
    consultant.opens_engagement(period="typed", since=since[:10], until=str(last.date()))
    consultant.connects()
    consultant.waits_for_assessment()
    window = ("--since", since, "--until", until, "--as-of", params.get("as_of", until))
    text = product.tacit("assess", consultant.engagement, "--json", *window)
    document: dict[str, Any] = json.loads(text)
    return document


def _raw_ids(product: Installation, example: dict[str, Any]) -> Callable[[str], str]:
    """What a pseudonym of the report stands for."""
    keystore = Keystore()
    keystore.bind(product.plan.instance / "keystore", None)
    (epoch,) = product.select("SELECT handle FROM epoch")
    known = Pseudonyms(keystore.read(epoch).pseudonym)
    ids = set(_ids(example["inputs"]))
    raws = {known.of(kind, raw).hex(): raw for raw in ids for kind in _KINDS}
    return raws.__getitem__


def _ids(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name == "id" and isinstance(each, str):
                yield each
            yield from _ids(each)
    elif isinstance(value, list):
        for each in value:
            yield from _ids(each)


def _published(
    document: dict[str, Any], raw: Callable[[str], str], key: str, expected: object
) -> object:
    """What the report says under a name, in the shape of what is expected."""
    figures = [each for each in document["metrics"] if each["measure"] == key]
    whole = {
        each["scope"].get("key"): each["value"]
        for each in figures
        if each["scope"]["level"] == "account"
    }
    policies, services = (_places(figures, level, raw) for level in ("policy", "service"))
    places = policies or services
    if isinstance(expected, Mapping):
        return (
            whole if set(whole) - {None} else {of: n for of, n in places.items() if of in expected}
        )
    if isinstance(expected, list) and places:
        return {of: 1 for of, value in places.items() if value}
    return whole.get(None)


def _places(
    figures: list[dict[str, Any]], level: str, raw: Callable[[str], str]
) -> dict[str, float]:
    """One measure of every place of a level, added up over its keys; the published ones."""
    found: Counter[str] = Counter()
    for each in figures:
        if each["scope"]["level"] == level and each["value"] is not None:
            found[raw(each["scope"]["id"])] += each["value"]
    return dict(found)


def _plain(expected: object, counted: object) -> object:
    """Ids as the map or the number that figures use for them; without business services.

    These have no figures of their own in the report: only what supports them has.
    """
    if isinstance(expected, Mapping):
        plain = {k: len(v) if isinstance(v, list) else v for k, v in expected.items()}
        return {k: v for k, v in plain.items() if not k.startswith("PBS")}
    if isinstance(expected, list):
        return dict.fromkeys(expected, 1) if isinstance(counted, dict) else len(expected)
    return expected
