"""`tacit keys`: rotation of the keys."""

import click

from app.cli.binding import bind_from_env
from app.core.errors import Busy
from app.extensions import bound
from app.keystore import KeystoreBusy, NothingToRotate
from app.operations.grant.rotate import FilesUnreadable
from app.operations.grant.rotate import rotate as rotate_all

_HOW = (
    "TACIT_MASTER_KEY is the only key there is. Set TACIT_MASTER_KEY to a new one and "
    "TACIT_MASTER_KEY_FORMER to the one of today, restart every process, and run this again."
)


@click.group()
def keys() -> None:
    """Look after keys."""


@keys.command()
def rotate() -> None:
    """Replace the master key and the key of every token, while everything runs."""
    bind_from_env()
    try:
        done = rotate_all()
    except NothingToRotate:
        raise click.ClickException(_HOW) from None
    except FilesUnreadable as problem:
        raise click.ClickException(
            "No master key opens these files of the keystore, so none was destroyed: "
            f"{', '.join(problem.names)}. Give the key they are under in TACIT_MASTER_KEY_FORMER, "
            "or remove them, and run this again."
        ) from None
    except (Busy, KeystoreBusy):
        raise click.ClickException(
            "Other processes are writing. Run this again: it resumes."
        ) from None
    click.echo(f"{done.epochs} connections and {done.secrets} secrets are under new keys.")
    if done.waiting:
        click.echo(f"{done.waiting} just being connected keep a former token key until next time.")
    if bound.config.former_keys:
        click.echo("Remove TACIT_MASTER_KEY_FORMER now.")
