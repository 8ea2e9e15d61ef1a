"""`tacit worker`: collects, checks, assesses and deletes, one job at a time."""

import gc

import click

from app.cli.binding import bind_from_env
from app.queues import QueueName
from app.worker import work


@click.command()
@click.argument("queue", type=click.Choice([name.value for name in QueueName]))
def worker(queue: str) -> None:
    """Serve one queue: collect, or urgent (assessments and purges)."""
    bind_from_env()
    # What is loaded by now is not looked through, and so not copied, in every work-horse.
    gc.freeze()
    work(QueueName(queue))
