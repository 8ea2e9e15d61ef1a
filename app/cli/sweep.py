"""`tacit sweep`: the duties that depend on the time."""

import signal
import threading

import click

from app.cli.binding import bind_from_env
from app.sweep import sweep as keep_sweeping
from app.sweep import sweep_once


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
