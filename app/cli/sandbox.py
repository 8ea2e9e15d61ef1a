"""`tacit sandbox`: the PagerDuty to try and test against, alone."""

import os
import sys

import click


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def sandbox(options: tuple[str, ...]) -> None:
    """Run the sandbox PagerDuty alone (--help lists its options)."""
    # It is a program of its own and shares no module with this one, so it replaces us.
    os.execv(sys.executable, [sys.executable, "-m", "sandbox", *options])  # noqa: S606
