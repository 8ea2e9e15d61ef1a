"""`tacit worker` and `tacit sweep`: the processes that work while nobody watches."""

import signal
import threading

import click

from app.cli.binding import bind_from_env
from app.queues import QueueName
from app.sweep import sweep as keep_sweeping
from app.sweep import sweep_once
from app.worker import work


@click.command()
@click.argument("queue", type=click.Choice([name.value for name in QueueName]))
def worker(queue: str) -> None:
    """Serve one queue: collect, or urgent (assessments and purges)."""
    bind_from_env()
    work(QueueName(queue))


@click.command()
@click.option("--once", is_flag=True, help="Sweep a single time, then end.")
def sweep(once: bool) -> None:
    """Put back what was lost and finish due purges, until stopped."""
    bind_from_env()
    if once:
        raise SystemExit(0 if sweep_once() else 1)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    keep_sweeping(stop)


if __name__ == "__main__":
    click.Group(commands=[worker, sweep])(prog_name="tacit")
