"""The hand-computed examples are served as an account, object for object."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox.application import create_sandbox
from sandbox.settings import SANDBOX_API_KEY, Settings

pytestmark = pytest.mark.shared

KEY = {"Authorization": f"Token token={SANDBOX_API_KEY}"}


@pytest.fixture(scope="module")
def examples() -> Path:
    checkout = Path(__file__).resolve().parents[2]
    path = checkout.parent / "shared" / "examples" / "worked-examples.json"
    if not path.exists():
        pytest.skip("the worked examples do not lie beside the checkout")
    return path


@pytest.mark.parametrize("name", ["WE1", "WE2"])
def test_an_example_comes_back_complete(examples: Path, name: str) -> None:
    document = json.loads(examples.read_text(encoding="utf-8"))
    (given,) = [one for one in document["examples"] if one["id"] == name]
    as_of = datetime.fromisoformat(given["params"]["as_of"])
    settings = Settings(account_file=examples, example=name, as_of=as_of)
    http = create_sandbox(settings).test_client()
    wanted = {
        "limit": 100,
        "include[]": ["final_schedule", "overrides_subschedule", "schedule_layers"],
        "since": "2024-05-01T00:00:00Z",
        "until": given["params"]["until"],
    }
    for resource in ("services", "escalation_policies", "incidents", "log_entries"):
        rows: list[Any] = http.get(f"/{resource}", query_string=wanted, headers=KEY).get_json()[
            resource
        ]
        assert sorted(rows, key=_id) == sorted(given["inputs"][resource], key=_id)
    window = {**wanted, "since": given["params"]["since"]}
    schedules = http.get("/schedules", query_string=window, headers=KEY).get_json()["schedules"]
    assert schedules == given["inputs"].get("schedules", [])


def _id(row: dict[str, Any]) -> str:
    return str(row["id"])
