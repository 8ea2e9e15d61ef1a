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
from proof.installation.products import Product, Seed
from proof.installation.sandboxes import Sandbox, SandboxControl

__all__ = [
    "START_SECONDS",
    "Process",
    "Product",
    "QueueServer",
    "Sandbox",
    "SandboxControl",
    "Seed",
    "alive",
    "environment",
    "free_port",
    "wait_until",
]
