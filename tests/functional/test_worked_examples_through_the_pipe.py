"""Hand-computed examples come out of the whole pipe as expected: OAuth, worker, JSON."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.functional.consultant import Consultant, values
from tests.servers import Product
from tests.skips import SHARED

EXAMPLES = SHARED / "examples" / "worked-examples.json"
MEASURES = {
    "WE1": (
        "incident_count",
        "merged_count",
        "open_count",
        "acked_count",
        "ack_rate",
        "acked_within_target_rate",
        "tta_mean_s",
        "tta_median_s",
        "tta_p90_s",
        "tta_p95_s",
        "ttr_all_mean_s",
        "ttr_all_median_s",
        "ttr_dora_mean_s",
        "ttr_dora_median_s",
        "ttr_dora_p90_s",
    ),
    "WE2": (
        "incident_count",
        "escalation_rate",
        "missed_page_rate",
        "never_acked",
        "ack_by_level",
        "tta_mean_s",
        "tta_median_s",
    ),
}


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "database_url"),
    [("WE1", "sqlite"), ("WE2", "postgresql")],
    indirect=["database_url"],
)
def test_an_example_through_the_whole_pipe(
    name: str, database_url: str, tacit: Callable[..., Product]
) -> None:
    if not EXAMPLES.is_file():
        pytest.skip(f"{EXAMPLES.name} is not beside this checkout")
    examples = json.loads(EXAMPLES.read_text())["examples"]
    example: dict[str, Any] = next(each for each in examples if each["id"] == name)
    params, expected = example["params"], example["expected"]
    product = tacit(
        SANDBOX_ACCOUNT_FILE=str(EXAMPLES),
        SANDBOX_EXAMPLE=name,
        SANDBOX_RATE_LIMIT="0",
        TACIT_SWEEP_SECONDS="0.5",
    )
    consultant = Consultant(product).logs_in()
    consultant.opens_engagement(
        period="typed", since=params["since"][:10], until=params["since"][:10]
    )
    consultant.connects()
    consultant.waits_for_assessment()
    document = json.loads(
        product.tacit(
            "assess",
            consultant.engagement,
            "--json",
            "--since",
            params["since"],
            "--until",
            params["until"],
            "--as-of",
            params["as_of"],
        )
    )
    assert document["completeness"]["complete"] is True
    for measure in MEASURES[name]:
        wanted = expected[measure]["value"]
        found = values(document, measure)
        assert found == pytest.approx(
            wanted if isinstance(wanted, dict) else {"": wanted}, rel=1e-9
        )
    assert "CANARY_" not in json.dumps(document)
    assert "CANARY_" not in product.words()
