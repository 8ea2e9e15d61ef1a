"""The real processes that tests start; `proof/installation` makes them."""

from proof.installation.processes import (
    START_SECONDS,
    Process,
    QueueServer,
    alive,
    environment,
    free_port,
    wait_until,
)
from proof.installation.sandboxes import Sandbox, SandboxControl
from proof.installation.tacit import Installation, Seed

__all__ = [
    "START_SECONDS",
    "Installation",
    "Process",
    "QueueServer",
    "Sandbox",
    "SandboxControl",
    "Seed",
    "alive",
    "environment",
    "free_port",
    "wait_until",
]
