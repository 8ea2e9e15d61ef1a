"""A sandbox as a process, and its back door."""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from app.processes import ports
from app.processes.child import Child
from app.processes.process_list import ROOT
from proof.installation.processes import Launch, Process, environment, execute, free_port


def last_midnight() -> datetime:
    """The end of a generated account, so that typed days cover it."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class SandboxControl:
    """The back door of a running sandbox."""

    url: str

    def requests(self) -> Any:
        """Every request it received, and the count of refused ones."""
        return self._get("requests")

    def counts(self) -> Any:
        """Totals of the account per resource."""
        return self._get("counts")

    def plant(self, **fault: object) -> None:
        """Plant a fault: kind, path, after, times, headers."""
        requests.post(f"{self.url}/__sandbox/faults", json=fault, timeout=10).raise_for_status()

    def heal(self) -> None:
        """Remove all remaining faults."""
        requests.delete(f"{self.url}/__sandbox/faults", timeout=10).raise_for_status()

    def mutate(self, **edit: object) -> None:
        """Change the account: kind, id, set."""
        requests.post(f"{self.url}/__sandbox/mutate", json=edit, timeout=10).raise_for_status()

    def _get(self, name: str) -> Any:
        response = requests.get(f"{self.url}/__sandbox/{name}", timeout=30)
        response.raise_for_status()
        return response.json()


class Sandbox:
    """A sandbox process; switches are its options: `size="small"`, `rate_limit="0"`."""

    def __init__(self, folder: Path, launch: Launch = execute, **switches: str) -> None:
        port = free_port()
        self.door = SandboxControl(f"http://localhost:{port}")
        environ = {f"SANDBOX_{name.upper()}": value for name, value in switches.items()}
        environ |= {"SANDBOX_HOST": "localhost", "SANDBOX_PORT": str(port)}
        command = (sys.executable, "-m", "sandbox")
        child = Child("sandbox", command, environment(**environ), ROOT)
        self.process = Process(child, folder, launch=launch)
        self.process.need(lambda: ports.responds("localhost", port), "no sandbox")
