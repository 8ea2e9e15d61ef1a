"""The real processes that tests start; `proof/house` makes them."""

from proof.house.processes import (
    START_SECONDS,
    Process,
    QueueServer,
    alive,
    environment,
    free_port,
    wait_until,
)
from proof.house.products import Product, Seed
from proof.house.sandboxes import Sandbox, SandboxDoor

__all__ = [
    "START_SECONDS",
    "Process",
    "Product",
    "QueueServer",
    "Sandbox",
    "SandboxDoor",
    "Seed",
    "alive",
    "environment",
    "free_port",
    "wait_until",
]
