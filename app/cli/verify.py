"""`tacit verify`: check a promise or a receipt; needs no database and no network."""

from pathlib import Path

import click

from app import verify_receipt

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--key", help="The public key you expect, as hexadecimal digits.")
@click.option("--promise", type=_FILE, help="The promise that the receipt should keep.")
@click.option("--ledger", type=_FILE, help="The whole log, as downloaded.")
def verify(file: Path, key: str | None, promise: Path | None, ledger: Path | None) -> None:
    """Check FILE, a promise or receipt as downloaded: 0 if it is genuine, else 1."""
    said, code = verify_receipt.outcome(file, key, promise, ledger)
    click.echo(said)
    raise SystemExit(code)
