"""From Connect to the assessment on real processes: `python -m benchmarks.whole_way small`.

One JSON object a line: name, value, unit. The sandbox keeps PagerDuty's budget of 960 requests a
minute, as the real one does; `SANDBOX_RATE_LIMIT=0` before the command removes the limit.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.functional.consultant import Consultant
from tests.servers import Installation


def _say(name: str, value: float, unit: str) -> None:
    sys.stdout.write(json.dumps({"name": name, "value": round(value, 2), "unit": unit}) + "\n")


def _measure(size: str, folder: Path) -> None:
    switches = {name: value for name, value in os.environ.items() if name.startswith("SANDBOX_")}
    product = Installation(folder, {**switches, "SANDBOX_SIZE": size})
    try:
        product.start()
        consultant = Consultant(product).logs_in().opens_engagement()
        consultant.wait = 600
        before = len(product.sandbox.requests()["requests"])
        began = time.monotonic()
        consultant.connects()
        connected = time.monotonic() - began
        consultant.waits_for_assessment()
        assessed = time.monotonic() - began
        requests = len(product.sandbox.requests()["requests"]) - before
        disconnected = consultant.disconnects()
        began = time.monotonic()
        consultant.waits_for_card("Deleted")
        deleted = time.monotonic() - began
    finally:
        product.stop()
    _say(f"{size}.connect_s", connected, "s")
    _say(f"{size}.connect_to_assessment_s", assessed, "s")
    _say(f"{size}.requests", requests, "requests")
    _say(f"{size}.disconnect_answer_s", disconnected, "s")
    _say(f"{size}.disconnect_to_deleted_s", disconnected + deleted, "s")


def main() -> None:
    """Measure each size named on the command line."""
    for size in sys.argv[1:] or ["small", "reference"]:
        # A unix socket's path must stay below 100 bytes.
        with tempfile.TemporaryDirectory(prefix="tacit-", dir="/tmp") as folder:
            _measure(size, Path(folder))


if __name__ == "__main__":
    main()
