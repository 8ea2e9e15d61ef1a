"""`tacit examples`: worked examples through collectors and engine, value by value."""

import json
from pathlib import Path
from typing import Any

import click

from app.examples.check import check


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def examples(file: Path) -> None:
    """Compute the examples of FILE and compare each expected value; 1 where one differs.

    One line of JSON for each: example, key, value, expected, equal. Needs no database and no
    network.
    """
    different = False
    for outcome in check(_read(file), lambda said: click.echo(said, err=True)):
        different |= not outcome.equal
        click.echo(json.dumps(outcome.as_json()))
    if different:
        raise SystemExit(1)


def _read(file: Path) -> dict[str, Any]:
    # The error would contain parts of the file: it must not leave this block.
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        document = None
    if not isinstance(document, dict) or not isinstance(document.get("examples"), list):
        raise click.ClickException('There is no list "examples" in that file.')
    return document
